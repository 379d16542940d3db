import {type ConfigurationFile, type FileMistake, refuseFile} from '../config/file.ts';
import type {Configuration} from '../config/resolve.ts';
import {listed, suggestion} from '../mistake.ts';
import type {Recipe} from '../recipe/distribution.ts';
import {shortName, type Template} from '../recipe/template.ts';
import {type Available, availableTemplates, isRival, settingsOf, templateKeys} from './available.ts';
import {type BrokenRecipe, findDistributions} from './load.ts';

/** What can be built: the recipes, and the templates that they and the configuration make together. */
export interface Catalogue {
  readonly recipes: readonly Recipe[];
  readonly available: Available;
}

/**
 * Loads the configuration's recipes and makes the templates of one run; the serial's day is in dated versions.
 *
 * Broken recipes are left out, and what the file says about them is not looked at. Throws a Failure of kind `usage` for
 * mistakes in the folders of recipes, or in what the file says about templates and mirrors.
 */
export async function loadCatalogue(configuration: Configuration, serial: string): Promise<Catalogue> {
  const {recipes, broken} = await findDistributions(configuration.distributions, configuration);
  const {vendor, arch, file} = configuration;
  const {known} = availableTemplates(recipes, {vendor, arch}, serial);
  if (file !== undefined) refuseFile(file, catalogueMistakes(file, known, recipes, broken));
  return {recipes, available: {...availableTemplates(recipes, configuration, serial), broken}};
}

/** What a file says that does not fit the templates there are: names nothing has, tags that two would have. */
export function catalogueMistakes(
  file: ConfigurationFile,
  known: readonly Template[],
  recipes: readonly Recipe[],
  broken: readonly BrokenRecipe[] = [],
): FileMistake[] {
  const mistakes = [
    ...keyMistakes(file, known),
    ...tagMistakes(file, known),
    ...mirrorMistakes(file, recipes),
    ...lonelyMirrors(file, known, recipes),
    ...strangers(file, recipes),
  ];
  const isOfBroken = ({keys}: FileMistake) =>
    keys.some((key) => broken.some(({name}) => key === name || String(key).startsWith(`${name}-`)));
  return mistakes.filter((each) => !isOfBroken(each));
}

function keyMistakes(file: ConfigurationFile, known: readonly Template[]): FileMistake[] {
  const keys = Object.keys(file.settings.templates ?? {});
  const unknown = keys.flatMap((key) => {
    if (known.some((template) => templateKeys(template).includes(key))) return [];
    const near = suggestion(key, known.map(shortName));
    return [mistake(['templates', key], `no recipe has such a template${near}`)];
  });
  const doubled = known.flatMap((template) => {
    const [first, second] = templateKeys(template).filter((key) => keys.includes(key));
    if (first === undefined || second === undefined) return [];
    return [mistake(['templates', second], `is the same template as ${first}`)];
  });
  return [...unknown, ...doubled];
}

function tagMistakes(file: ConfigurationFile, known: readonly Template[]): FileMistake[] {
  const {templates = {}} = file.settings;
  return known.flatMap((template) => {
    const key = templateKeys(template).find((name) => Object.hasOwn(templates, name)) ?? '';
    const tags = templates[key]?.tags ?? [];
    const rivals = known.filter((other) => isRival(template, other));
    return tags.flatMap((tag, index) => {
      const reasons =
        tags.indexOf(tag) < index ? [`${tag} is there twice`] : tagClashes(tag, template, rivals, templates);
      return reasons.map((reason) => mistake(['templates', key, 'tags', index], reason));
    });
  });
}

function tagClashes(
  tag: string,
  template: Template,
  rivals: readonly Template[],
  templates: Configuration['templates'],
): string[] {
  const others = rivals.filter((other) => settingsOf(templates, other)?.tags?.includes(tag));
  return [
    ...(isVersion(tag, template, rivals) ? [`${tag} is a version and cannot be a tag`] : []),
    ...(others.length > 0 ? [`${tag} is also given to ${listed(others.map(shortName), 'and')}`] : []),
  ];
}

/** Tags become links beside the versions' folders; a dated release's own version is free, its folders carry the day. */
function isVersion(tag: string, template: Template, rivals: readonly Template[]): boolean {
  return tag === template.version || rivals.some(({release}) => release === tag);
}

function mirrorMistakes(file: ConfigurationFile, recipes: readonly Recipe[]): FileMistake[] {
  const mirrors = Object.entries(file.settings.mirrors ?? {});
  return mirrors.flatMap(([name, places]) => {
    const recipe = recipes.find(({distribution}) => distribution.name === name);
    if (recipe === undefined) return [unknownDistribution(['mirrors', name], recipes)];
    const {title, mirrors: own = {}} = recipe.distribution;
    const known = Object.keys(own);
    const unknown = Object.keys(places).filter((place) => !known.includes(place));
    return unknown.map((place) => {
      const has = known.length === 0 ? 'takes no mirrors' : `has mirrors of ${listed(known, 'and')}`;
      return mistake(['mirrors', name, place], `${title} ${has}${suggestion(place, known)}`);
    });
  });
}

/** Mirrors of a place without those of another that one of the listed templates needs beside them. */
function lonelyMirrors(
  {settings: {mirrors = {}, templates}}: ConfigurationFile,
  known: readonly Template[],
  recipes: readonly Recipe[],
): FileMistake[] {
  const listedTemplates = known.filter(
    (template) => templates === undefined || settingsOf(templates, template) !== undefined,
  );
  return recipes.flatMap(({distribution: {name, releases, mirrors: own, mirrorsTogether}}) => {
    const configured = mirrors[name];
    if (configured === undefined || mirrorsTogether === undefined) return [];
    const has = (place: string) => ({...own, ...configured})[place]?.length !== 0;
    return releases.flatMap((release) => {
      const template = listedTemplates.find(
        (each) => each.distribution === name && each.release === release.version,
      );
      if (template === undefined) return [];
      const together = mirrorsTogether({release});
      const given = together.find((place) => Object.hasOwn(configured, place));
      const missing = together.filter((place) => !has(place));
      if (given === undefined || missing.length === 0) return [];
      const reason = `${shortName(template)} needs ${listed(missing, 'and')} beside it`;
      return [mistake(['mirrors', name, given], reason)];
    });
  });
}

/** Keys and proxies of distributions that there are none of. */
function strangers({settings}: ConfigurationFile, recipes: readonly Recipe[]): FileMistake[] {
  const named = [
    ...Object.keys(settings.keys ?? {}).map((name) => ['keys', name]),
    ...Object.keys(settings.proxy?.distributions ?? {}).map((name) => ['proxy', 'distributions', name]),
  ];
  return named
    .filter((path) => !recipes.some(({distribution}) => distribution.name === path.at(-1)))
    .map((path) => unknownDistribution(path, recipes));
}

function unknownDistribution(path: readonly string[], recipes: readonly Recipe[]): FileMistake {
  const names = recipes.map(({distribution}) => distribution.name);
  return mistake(path, `no recipe has such a distribution${suggestion(path.at(-1) ?? '', names)}`);
}

function mistake(keys: readonly PropertyKey[], reason: string): FileMistake {
  return {keys, reason};
}
