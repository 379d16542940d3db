import {posix} from 'node:path';
import {listed, refuse, suggestion} from '../mistake.ts';
import {shortName, type Template} from '../recipe/template.ts';
import {releaseIn} from '../recipe/version-order.ts';
import type {Available} from './available.ts';

/**
 * The templates that the arguments of a command name, each once, in the order of the available ones.
 *
 * - `debian-13-x86_64-vpsadminos-minimal`: an id.
 * - `debian-13`, `debian-13-x86_64`, `nixos-25.11-impermanence`: a short form, whole fields of an id. Where no
 *   variant is said, `minimal` is meant if there is one.
 * - `debian-stable`: a tag in the place of the version. `debian-testing` is a dated release, whatever the day.
 * - `debian`: the distribution's only template. A short form that fits several is refused: a word that means one
 *   template today must not mean two tomorrow.
 * - `debian-*`, `*-minimal`, `debian-1[23]`: a glob, tried on all of these names.
 * - `alpine@>=3.22`: the distribution's releases in a range of versions.
 * - `all`: every listed template.
 *
 * Globs, ranges and `all` choose among the listed templates; a name can be any known one's. What a recipe that is broken
 * would have made is refused with what is wrong with it; only `all` goes without.
 *
 * Throws a Failure of kind `usage` that says which arguments name no template or several, and what is near.
 */
export function selectTemplates(
  patterns: readonly string[],
  available: Available,
  remedy = '`osctl-template ls` lists all templates.',
): Template[] {
  const matches = patterns.map((pattern) => match(pattern, available));
  refuse(
    matches.flatMap((found) => (typeof found === 'string' ? [found] : [])),
    remedy,
  );
  const chosen = new Set(matches.flatMap((found) => (typeof found === 'string' ? [] : found)));
  return available.known.filter((template) => chosen.has(template));
}

/** The templates a pattern names, or what is wrong with it. */
function match(pattern: string, available: Available): readonly Template[] | string {
  if (pattern === 'all') return available.listed;
  if (pattern.includes('@')) return matchRange(pattern, available);
  return /[*?[{]/.test(pattern) ? matchGlob(pattern, available) : matchName(pattern, available);
}

function matchGlob(pattern: string, available: Available): readonly Template[] | string {
  const fits = (template: Template) =>
    [...fullNames(template), ...shortForms(template)].some((name) => posix.matchesGlob(name, pattern));
  const found = available.listed.filter(fits);
  if (found.length > 0) return found;
  const says =
    ofBroken(pattern, available) ?? unlisted(available.known.filter(fits)) ?? 'no template has such a name';
  return `${pattern}: ${says}`;
}

function matchRange(pattern: string, available: Available): readonly Template[] | string {
  const [distribution = '', range = ''] = pattern.split(/@(.*)/s);
  const isOwn = (template: Template) => template.distribution === distribution;
  const fits = (template: Template) => isOwn(template) && releaseIn({version: template.release}, range);
  const found = available.listed.filter(fits);
  if (found.length > 0) return found;
  const says = ofBroken(distribution, available) ?? unlisted(available.known.filter(fits));
  if (says !== undefined) return `${pattern}: ${says}`;
  if (available.listed.some(isOwn))
    return `${pattern}: no listed release of ${distribution} is in this range`;
  const near = suggestion(
    distribution,
    available.listed.map((template) => template.distribution),
  );
  return `${pattern}: no listed template is of ${distribution}${near}`;
}

/** Says of templates that exist why a glob or a range does not select them. */
function unlisted(templates: readonly Template[]): string | undefined {
  if (templates.length === 0) return undefined;
  const names = templates.map(shortName);
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const exist = names.length === 1 ? 'exists but is' : 'exist but are';
  return `${listed(shown, 'and')} ${exist} not listed; globs and ranges select listed templates only, names any`;
}

/** What is wrong with the recipe that a pattern names, if it is broken. */
function ofBroken(pattern: string, {broken}: Available): string | undefined {
  const named = broken.filter(
    ({name}) => pattern === name || pattern.startsWith(`${name}-`) || posix.matchesGlob(name, pattern),
  );
  if (named.length === 0) return undefined;
  const mistakes = named.flatMap(({mistakes}) => mistakes).map((mistake) => `\n  ${mistake}`);
  return `its recipe has mistakes:${mistakes.join('')}`;
}

function matchName(name: string, available: Available): readonly Template[] | string {
  const {known, listed: preferred} = available;
  const called = known.filter((template) => fullNames(template).includes(name));
  if (called.length > 0) return called;
  const fits = [preferred, known]
    .map((templates) => templates.filter((template) => shortForms(template).includes(name)))
    .find((templates) => templates.length > 0);
  if (fits === undefined) {
    const none = () => `no such template${suggestion(name, known.flatMap(usualNames))}`;
    return `${name}: ${ofBroken(name, available) ?? none()}`;
  }
  if (fits.length === 1) return fits;
  return `${name}: is ambiguous, it fits ${listed(fits.map(shortName), 'and')}; use ${name}-* for all of them`;
}

/** The names that are one template's alone: its id and short forms that say, or need not say, the variant. */
function fullNames(template: Template): string[] {
  const {distribution, arch, vendor, variant} = template;
  return versions(template).flatMap((version) => {
    const complete = [
      [distribution, version, arch, vendor, variant],
      [distribution, version, variant],
    ];
    const fields = variant === 'minimal' ? [...complete, ...prefixes(template, version)] : complete;
    return fields.map((field) => field.join('-'));
  });
}

/** The beginnings of an id, which other templates' ids may share. */
function shortForms(template: Template): string[] {
  return [
    template.distribution,
    ...versions(template).flatMap((version) => prefixes(template, version).map((fields) => fields.join('-'))),
  ];
}

function prefixes({distribution, arch, vendor}: Template, version: string): string[][] {
  return [
    [distribution, version],
    [distribution, version, arch],
    [distribution, version, arch, vendor],
  ];
}

/** What can stand in the place of the version. */
function versions({release, version, tags}: Template): string[] {
  return [release, version, ...tags];
}

/** The names to suggest: with the release and with each tag. */
function usualNames(template: Template): string[] {
  return [shortName(template), ...template.tags.map((tag) => `${template.distribution}-${tag}`)];
}
