import {resolve} from 'node:path';
import {writeDurably} from '../../host/durable.ts';
import type {TestFlags} from '../options.ts';
import {print} from '../print.ts';
import {junitXml, type TemplateResults} from './junit.ts';
import {scenarioTable} from './scenario-table.ts';

/** Prints what the scenarios of a run found, and writes it for CI where that was asked for. */
export async function tellResults(results: readonly TemplateResults[], flags: TestFlags): Promise<void> {
  const sorted = results.toSorted((one, other) => (one.template < other.template ? -1 : 1));
  if (flags.junit !== undefined) await writeDurably(resolve(flags.junit), junitXml(sorted));
  if (sorted.length > 0 && !flags.json) print(`\n${scenarioTable(sorted)}`);
}
