import type {Manifest} from '../image/manifest.ts';
import type {TemplateName} from '../recipe/template.ts';

/** A template as an index lists it: the newest build that stands for it, and the tags that lead to it. */
export interface IndexEntry {
  readonly template: TemplateName;
  /** Sorted. */
  readonly tags: readonly string[];
  readonly manifest: Manifest;
}

/** Everything one index says, whatever its format. */
export interface IndexContents {
  /** Sorted by vendor, variant, arch, distribution, version. */
  readonly entries: readonly IndexEntry[];
  /** Undefined when there are no entries. */
  readonly defaultVendor: string | undefined;
  /** Each vendor's default variant, in the vendors' order. */
  readonly defaultVariants: ReadonlyMap<string, string>;
}

/** What an index should name as its defaults; a name that nothing was published under is passed over. */
export interface Defaults {
  /** `vpsadminos` unless given. */
  readonly vendor?: string | undefined;
  /** `minimal` unless given. */
  readonly variant?: string | undefined;
}

/**
 * What an index says of published builds, in whatever order they come: the newest serial stands for its template,
 * and of a distribution's versions that claim a tag, the one with the greatest serial has it.
 */
export function indexContents(manifests: Iterable<Manifest>, defaults: Defaults = {}): IndexContents {
  const newest = new Map<string, Manifest>();
  for (const manifest of manifests) {
    const path = besides(manifest.template, manifest.template.version);
    const known = newest.get(path);
    if (known === undefined || known.serial < manifest.serial) newest.set(path, manifest);
  }
  const sorted = [...newest.values()].sort((a, b) => compareNames(a.template, b.template));
  const owners = tagOwners(sorted);
  const entries = sorted.map((manifest) => ({
    template: manifest.template,
    tags: [...new Set(manifest.tags)]
      .filter((tag) => owners.get(besides(manifest.template, tag)) === manifest.id)
      .sort(),
    manifest,
  }));
  const vendors = unique(entries.map(({template}) => template.vendor));
  return {
    entries,
    defaultVendor: preferred(vendors, defaults.vendor ?? 'vpsadminos'),
    defaultVariants: new Map(
      vendors.map((vendor) => {
        const own = entries.filter(({template}) => template.vendor === vendor);
        const variants = unique(own.map(({template}) => template.variant));
        return [vendor, preferred(variants, defaults.variant ?? 'minimal') ?? ''];
      }),
    ),
  };
}

/**
 * Who has each tag, by its path. Clients and links look a name up among versions and tags alike, so a tag that is
 * also a version's name leads to nobody.
 */
function tagOwners(manifests: readonly Manifest[]): Map<string, string> {
  const versions = new Set(manifests.map(({template}) => besides(template, template.version)));
  const owners = new Map<string, string>();
  for (const manifest of [...manifests].sort(compareAge)) {
    for (const tag of manifest.tags) {
      const path = besides(manifest.template, tag);
      if (!versions.has(path)) owners.set(path, manifest.id);
    }
  }
  return owners;
}

/** Oldest first; builds of one second in the order of their ids, so that the answer is always the same. */
function compareAge(a: Manifest, b: Manifest): number {
  return compare(a.serial, b.serial) || compare(a.id, b.id);
}

/** Where a name beside a template's version belongs. */
function besides({vendor, variant, arch, distribution}: TemplateName, name: string): string {
  return [vendor, variant, arch, distribution, name].join('/');
}

function compareNames(a: TemplateName, b: TemplateName): number {
  return (
    compare(a.vendor, b.vendor) ||
    compare(a.variant, b.variant) ||
    compare(a.arch, b.arch) ||
    compare(a.distribution, b.distribution) ||
    compare(a.version, b.version)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unique(sorted: readonly string[]): string[] {
  return [...new Set(sorted)];
}

/** The wanted name where it is one of the names, the first otherwise. */
function preferred(names: readonly string[], wanted: string): string | undefined {
  return names.includes(wanted) ? wanted : names[0];
}
