import {join} from 'node:path';
import {nest} from '../../builders/nest.ts';
import {probe} from '../../builders/probe.ts';
import {type TestPlace, testBuild} from '../boot/test-build.ts';
import type {Report} from '../event.ts';
import {writeDurably} from '../host/durable.ts';
import {digestOf} from '../host/hashing.ts';
import {visibleJson} from '../host/visible.ts';
import {type Build, buildFiles, type ScenarioResult, writeManifest} from '../image/manifest.ts';
import {openLog} from '../pipeline/log.ts';
import type {Builder} from '../recipe/builder.ts';
import {shortName, type Template} from '../recipe/template.ts';
import type {TemplateResults} from './report/junit.ts';
import {testFailure} from './report/scenario-failure.ts';
import type {Session} from './session.ts';

/** Tests builds by booting them. */
export interface Tester {
  /** Gives the build with the report in its manifest; throws when it fails. */
  test(template: Template, build: Build, report: Report, signal: AbortSignal): Promise<Build>;
  /** What was found until now, as the templates were done. */
  readonly results: readonly TemplateResults[];
}

export interface TesterOptions {
  /** Names of scenarios; all of them when it is empty. */
  readonly only?: readonly string[];
  /** Leave what fails running. */
  readonly keep?: boolean | undefined;
  /** What runs the containers; `lxc` unless given. What `osctl` shows is no part of a build's manifest. */
  readonly engine?: 'lxc' | 'osctl' | undefined;
}

/** A tester for a run. */
export function bootTester(session: Session, {only = [], keep, engine = 'lxc'}: TesterOptions = {}): Tester {
  const results: TemplateResults[] = [];
  const test: Tester['test'] = async (template, build, report, signal) => {
    const name = shortName(template);
    const path = join(session.output.logs, `${build.manifest.serial}-${build.manifest.id}.test.log`);
    await using log = await openLog(path);
    report({type: 'stage', template: name, stage: 'test'});
    const telling = {
      log: log.line,
      onMake: ({name: builder}: Builder) =>
        report({type: 'note', template: name, message: `making the builder ${builder}`}),
    };
    const place: TestPlace =
      engine === 'osctl'
        ? {engine}
        : {
            engine: session.engine,
            scratch: session.scratch,
            probe: await session.layers(probe, telling),
            nest: await session.layers(nest, telling),
            limits: {
              memory: session.configuration.memory,
              processes: session.configuration.processes,
            },
          };
    const result = await testBuild(build, session.recipeOf(template).distribution, {
      ...place,
      report,
      log: log.line,
      signal,
      limit: session.configuration.limits.test,
      keep,
      acceptExpired: session.environment(report).acceptExpired,
      sources: session.configuration.mirrors[template.distribution],
      ...(only.length > 0 ? {only} : {}),
    });
    results.push({template: name, scenarios: result.scenarios});
    for (const line of result.scenarios.flatMap(loggedFailure)) log.line(line);
    const partial = only.length > 0 || engine === 'osctl'; // a host of osctl's leaves some unchecked
    const tested = partial ? build : await withReport(build, result);
    if (result.passed) return tested;
    const written = partial ? undefined : join(build.folder, buildFiles.testReport);
    throw testFailure(name, result.scenarios, {log: log.path, report: written});
  };
  return {test, results};
}

/** All that is known of a scenario that failed, for the log: a report of chosen scenarios is not kept. */
function loggedFailure({name, outcome, reason, logs = {}}: ScenarioResult): string[] {
  if (outcome !== 'failed') return [];
  const parts = Object.entries(logs).map(([from, lines]) => [`${name}: ${from}:`, ...lines]);
  return [`${name}: failed: ${reason}`, ...parts.flat()];
}

/** The build with what its test showed; the report stands in the manifest and in a file of its own. */
async function withReport(
  {folder, manifest}: Build,
  test: NonNullable<Build['manifest']['test']>,
): Promise<Build> {
  const path = join(folder, buildFiles.testReport);
  await writeDurably(path, `${visibleJson(test, 2)}\n`);
  const files = {...manifest.files, [buildFiles.testReport]: await digestOf(path)};
  return writeManifest(folder, {...manifest, files, test});
}
