import {isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument} from 'yaml';
import {keyPath, refuse} from '../mistake.ts';
import {type Settings, schema} from './schema.ts';

/** What an `osctl-templates.yml` says, with the lines it says it on. */
export interface ConfigurationFile {
  readonly path: string;
  readonly settings: Settings;
  /** The line, from 1, of every key and list item: `templates.debian-13.tags[0]`. */
  readonly lines: ReadonlyMap<string, number>;
  /** What is wrong with it; its settings are the rest. */
  readonly mistakes: readonly FileMistake[];
}

/** Something that is wrong with a configuration. */
export interface FileMistake {
  readonly keys: readonly PropertyKey[];
  readonly reason: string;
}

export const fileRemedy = 'docs/configuration.md describes every key.';

/**
 * Reads a configuration's text. The path is for errors and for what is relative to it. What is wrong with keys and
 * values is in its `mistakes`, as recipes may find more: refuseFile() tells them together.
 *
 * Throws a Failure of kind `usage` when the text is not YAML.
 */
export function parseConfiguration(content: string, path: string): ConfigurationFile {
  const counter = new LineCounter();
  const document = parseDocument(content, {lineCounter: counter, prettyErrors: false});
  refuse(
    document.errors.map(({pos, message}) => `${path}:${counter.linePos(pos[0]).line}: ${message}`),
    'The file is not YAML; look at the indentation and quotes around these lines.',
  );
  const lines = new Map(document.contents === null ? [] : linesOf(document.contents, [], counter));
  const value: unknown = document.toJS();
  const result = schema.safeParse(value);
  const mistakes = (result.error?.issues ?? []).map(({path: keys, message}) => ({keys, reason: message}));
  const rest = result.success ? result : schema.safeParse(without(value, mistakes));
  return {path, settings: rest.data ?? {}, lines, mistakes};
}

/** Throws a Failure of kind `usage` with everything that is wrong with a file, by line; nothing wrong, no Failure. */
export function refuseFile(file: ConfigurationFile, found: readonly FileMistake[] = []): void {
  const all = [...file.mistakes, ...found];
  refuse(
    all
      .toSorted((a, b) => lineOf(file.lines, a.keys) - lineOf(file.lines, b.keys))
      .map(({keys, reason}) => mistakeAt(file, keys, reason)),
    fileRemedy,
  );
}

/** A value less what is wrong with it, so that the rest can be looked at. */
function without(value: unknown, mistakes: readonly FileMistake[]): unknown {
  const copy: unknown = structuredClone(value);
  // from the last item of a list on, so that those before it keep their places
  for (const {keys} of mistakes.toReversed()) remove(copy, keys);
  return copy;
}

function remove(from: unknown, [key, ...deeper]: readonly PropertyKey[]): void {
  if (typeof from !== 'object' || from === null || key === undefined) return;
  if (deeper.length > 0) remove(Reflect.get(from, key), deeper);
  else if (Array.isArray(from)) from.splice(Number(key), 1);
  else Reflect.deleteProperty(from, key);
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
