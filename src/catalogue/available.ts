import {type Recipe, tagsOf} from '../recipe/distribution.ts';
import {dayOf} from '../recipe/serial.ts';
import type {TemplateSettings} from '../recipe/settings.ts';
import {supportOf} from '../recipe/support.ts';
import {datedVersion, shortName, type Template} from '../recipe/template.ts';
import type {Naming} from './check.ts';
import type {BrokenRecipe} from './load.ts';

/** What a configuration says about templates. */
export interface Listing extends Naming {
  /** By name, as `templateKeys` gives them; undefined when the configuration lists no templates. */
  readonly templates?: Readonly<Record<string, TemplateSettings>> | undefined;
}

/** The templates that can be asked for, in the recipes' order. */
export interface Available {
  /** Every release and variant of every recipe. */
  readonly known: readonly Template[];
  /**
   * What `all` and globs mean: the ones the configuration lists, or, where it lists none, every one but those of legacy
   * releases and of releases whose support has ended.
   */
  readonly listed: readonly Template[];
  /** Recipes that make no templates, for their mistakes. */
  readonly broken: readonly BrokenRecipe[];
}

/**
 * The templates that recipes and configuration make together. A dated release's version gets the day of the serial
 * (UTC, `20261123T153000Z`). A template has the tags its settings give, or else its recipe's, without those
 * that settings give to another of its distribution and variant: a tag that is given anew is taken from the old.
 */
export function availableTemplates(
  recipes: readonly Recipe[],
  listing: Listing,
  serial: string,
): Omit<Available, 'broken'> {
  const templates = recipes.flatMap((recipe) => templatesOf(recipe, listing, serial));
  const isListed = (template: Template) => settingsOf(listing.templates, template) !== undefined;
  const known = templates.map((template) => {
    const given = settingsOf(listing.templates, template)?.tags;
    const rivals = templates.filter((other) => isRival(template, other));
    const taken = rivals.flatMap((other) => settingsOf(listing.templates, other)?.tags ?? []);
    return {...template, tags: given ?? template.tags.filter((tag) => !taken.includes(tag))};
  });
  if (listing.templates !== undefined) return {known, listed: known.filter(isListed)};
  const day = dayOf(serial);
  const ended = recipes.flatMap(({distribution: {name, releases}}) =>
    releases
      .filter((release) => release.legacy === true || supportOf(release, day)?.state === 'ended')
      .map(({version}) => `${name}-${version}`),
  );
  return {
    known,
    listed: known.filter(({distribution, release}) => !ended.includes(`${distribution}-${release}`)),
  };
}

/** The names a template has in the configuration: `debian-13-minimal`, and `debian-13` for the minimal one. */
export function templateKeys(template: Template): string[] {
  return [
    ...new Set([shortName(template), `${template.distribution}-${template.release}-${template.variant}`]),
  ];
}

/** What the configuration says about a template; undefined when it does not list it. */
export function settingsOf(
  templates: Listing['templates'],
  template: Template,
): TemplateSettings | undefined {
  const key = templateKeys(template).find(
    (name) => templates !== undefined && Object.hasOwn(templates, name),
  );
  return key === undefined ? undefined : templates?.[key];
}

/** Whether two templates share a distribution and variant, where a tag can be only one's. */
export function isRival(template: Template, other: Template): boolean {
  return (
    template.distribution === other.distribution &&
    template.variant === other.variant &&
    template.release !== other.release
  );
}

function templatesOf({distribution}: Recipe, {vendor, arch}: Naming, serial: string): Template[] {
  const day = serial.slice(0, 'YYYYMMDD'.length);
  return distribution.releases.flatMap(({version, dated = false}) =>
    (distribution.variants ?? ['minimal']).map((variant) => ({
      distribution: distribution.name,
      release: version,
      version: datedVersion({version, dated}, day),
      arch,
      vendor,
      variant,
      tags: tagsOf(distribution, version),
    })),
  );
}
