import {isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument} from 'yaml';
import {keyPath, refuse} from '../mistake.ts';
import {type Settings, schema} from './schema.ts';

/** What an `osctl-templates.yml` says, with the lines it says it on. */
export interface ConfigurationFile {
  readonly path: string;
  readonly settings: Settings;
  /** The line, from 1, of every key and list item: `templates.debian-13.tags[0]`. */
  readonly lines: ReadonlyMap<string, number>;
}

export const fileRemedy = 'docs/configuration.md describes every key.';

/**
 * Reads a configuration's text. The path is for errors and for what is relative to it.
 *
 * Throws a Failure of kind `usage` with every mistake, one a line: `osctl-templates.yml:7: limits.step: must be …`.
 */
export function parseConfiguration(content: string, path: string): ConfigurationFile {
  const counter = new LineCounter();
  const document = parseDocument(content, {lineCounter: counter, prettyErrors: false});
  refuse(
    document.errors.map(({pos, message}) => `${path}:${counter.linePos(pos[0]).line}: ${message}`),
    'The file is not YAML; look at the indentation and quotes around these lines.',
  );
  const lines = new Map(document.contents === null ? [] : linesOf(document.contents, [], counter));
  const result = schema.safeParse(document.toJS());
  const issues = (result.error?.issues ?? []).map(({path: keys, message}) => ({keys, message}));
  refuse(
    issues
      .toSorted((a, b) => lineOf(lines, a.keys) - lineOf(lines, b.keys))
      .map(({keys, message}) => mistakeAt({path, lines}, keys, message)),
    fileRemedy,
  );
  return {path, settings: result.data ?? {}, lines};
}

/** A mistake as an error tells it: file, line, key, reason. */
export function mistakeAt(
  {path, lines}: Pick<ConfigurationFile, 'path' | 'lines'>,
  keys: readonly PropertyKey[],
  reason: string,
): string {
  return `${path}:${lineOf(lines, keys)}: ${keyPath(keys) || 'the file'}: ${reason}`;
}

/** The line of a key, or of the nearest key around it. */
function lineOf(lines: ConfigurationFile['lines'], keys: readonly PropertyKey[]): number {
  if (keys.length === 0) return 1;
  return lines.get(keyPath(keys)) ?? lineOf(lines, keys.slice(0, -1));
}

/** The lines of a node's keys and items, and of theirs. */
function linesOf(
  node: ParsedNode,
  path: readonly PropertyKey[],
  counter: LineCounter,
): [key: string, line: number][] {
  const entry = (key: PropertyKey, start: ParsedNode, value: ParsedNode | null): [string, number][] => {
    const own = [...path, key];
    const {line} = counter.linePos(start.range[0]);
    return [[keyPath(own), line], ...(value === null ? [] : linesOf(value, own, counter))];
  };
  if (isMap(node)) {
    return node.items.flatMap(({key, value}) => entry(isScalar(key) ? String(key.value) : '', key, value));
  }
  if (isSeq(node)) return node.items.flatMap((item, index) => entry(index, item, item));
  return [];
}
