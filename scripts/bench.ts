// How fast a build is, against bare mmdebstrap in the same run, and a test of all scenarios: `npm run bench`. Prints a table, writes output/bench.json.

import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {cpus, tmpdir} from 'node:os';
import {join} from 'node:path';
import {$, argv, chalk} from 'zx';
import {packagesOf} from '../distributions/debian/index.ts';
import {releases} from '../distributions/debian/releases.ts';
import {openOutput} from '../src/host/output.ts';

const rounds = Number(argv.rounds ?? 3);
const root = join(import.meta.dirname, '..');
const output = await mkdtemp(join(tmpdir(), 'osctl-template-bench-'));
const tool = (...args: string[]) =>
  $({cwd: root, quiet: true})`./osctl-template ${args} --output ${output} --json`;

interface Measure {
  readonly name: string;
  /** Seconds. */
  readonly runs: number[];
}

const measures: Measure[] = [];
async function measure(name: string, run: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await run();
  const seconds = (performance.now() - begun) / 1000;
  const known = measures.find((each) => each.name === name);
  if (known === undefined) measures.push({name, runs: [seconds]});
  else known.runs.push(seconds);
  console.error(`${name}: ${seconds.toFixed(1)} s`);
}
const median = (name: string) => {
  const runs = measures.find((each) => each.name === name)?.runs.toSorted((a, b) => a - b) ?? [];
  return runs[Math.floor(runs.length / 2)] ?? Number.NaN;
};

const four = ['debian-12', 'debian-13', 'debian-testing', 'debian-unstable'];
try {
  await measure('first build, cold builder', () => tool('build', 'debian-13'));
  await measure('first scenario, cold builders', () => tool('test', 'debian-13', 'ids'));
  for (let round = 0; round < rounds; round += 1) {
    await measure('build debian-13, warm builder', () => tool('build', 'debian-13'));
    await measure('mmdebstrap | gzip -6', mmdebstrap);
    await measure('test debian-13, all scenarios', () => tool('test', 'debian-13'));
  }
  await measure('four releases one after another', () => tool('build', ...four, '--jobs', '1'));
  await measure('four releases at --jobs 2', () => tool('build', ...four, '--jobs', '2'));
} finally {
  await rm(output, {recursive: true, force: true});
}

/** The same packages by the bare tool, on disk, compressed as most people do it. */
async function mmdebstrap(): Promise<void> {
  const file = join(output, 'bare.tar.gz');
  const options = [
    '--mode=root',
    '--variant=minbase',
    `--include=${releases
      .filter(({version}) => version === '13')
      .flatMap(packagesOf)
      .join(',')}`,
    '--format=tar',
    'trixie',
    '-',
  ];
  await $({quiet: true})`mmdebstrap ${options} | gzip -6 > ${file}`;
}

const ratios = [
  {
    name: 'build against mmdebstrap | gzip -6',
    ratio: median('build debian-13, warm builder') / median('mmdebstrap | gzip -6'),
    goal: 0.85,
  },
  {
    name: 'four at --jobs 2 against one after another',
    ratio: median('four releases at --jobs 2') / median('four releases one after another'),
    goal: 0.65,
  },
  {
    name: 'all scenarios against a minute',
    ratio: median('test debian-13, all scenarios') / 60,
    goal: 1,
  },
];

for (const {name, runs} of measures) {
  console.log(
    `${name.padEnd(44)} ${median(name).toFixed(1).padStart(6)} s  (${runs.map((run) => run.toFixed(1)).join(', ')})`,
  );
}
for (const {name, ratio, goal} of ratios) {
  const reached = ratio < goal ? chalk.green('reached') : chalk.red('missed');
  console.log(`${name.padEnd(44)} ${ratio.toFixed(2).padStart(6)}    goal ${goal}, ${reached}`);
}
const results = await openOutput(join(root, 'output'));
const report = {date: new Date().toISOString(), cores: cpus().length, measures, ratios};
await writeFile(join(results.root, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
