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
 * Globs, ranges and `all` choose among the listed templates; a name can be any known one's.
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
  const found = available.listed.filter((template) =>
    [...fullNames(template), ...shortForms(template)].some((name) => posix.matchesGlob(name, pattern)),
  );
  return found.length > 0 ? found : `${pattern}: no template has such a name`;
}

function matchRange(pattern: string, {listed: templates}: Available): readonly Template[] | string {
  const [distribution = '', range = ''] = pattern.split(/@(.*)/s);
  const own = templates.filter((template) => template.distribution === distribution);
  if (own.length === 0) {
    const near = suggestion(
      distribution,
      templates.map((template) => template.distribution),
    );
    return `${pattern}: no listed template is of ${distribution}${near}`;
  }
  const found = own.filter(({release}) => releaseIn({version: release}, range));
  return found.length > 0 ? found : `${pattern}: no listed release of ${distribution} is in this range`;
}

function matchName(name: string, {known, listed: preferred}: Available): readonly Template[] | string {
  const called = known.filter((template) => fullNames(template).includes(name));
  if (called.length > 0) return called;
  const fits = [preferred, known]
    .map((templates) => templates.filter((template) => shortForms(template).includes(name)))
    .find((templates) => templates.length > 0);
  if (fits === undefined) return `${name}: no such template${suggestion(name, known.flatMap(usualNames))}`;
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
