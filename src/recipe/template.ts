import type {Release} from './release.ts';

/** What a template is called by: the five fields of osctl's image names. */
export interface TemplateName {
  readonly distribution: string;
  /** As in the id; a dated release's carries the day: `testing-20261123`. */
  readonly version: string;
  readonly arch: string;
  readonly vendor: string;
  readonly variant: string;
}

/** A template to build: its name with the release it comes from and the tags it gets. */
export interface Template extends TemplateName {
  /** The release's version, without a day: `testing`. */
  readonly release: string;
  readonly tags: readonly string[];
}

/** The width of vpsAdmin's column. */
export const idLimit = 64;

/** What each field of an id looks like, so that it is one word in ids, paths, URLs and a shell. */
export const fieldPattern = /^[a-z0-9]+([._-][a-z0-9]+)*$/;

/** The same in words. */
export const fieldRule = 'lower case letters and digits with single . _ - between them';

/** `default` stands beside vendors and variants in a repository, as a link to the one that is meant without a word. */
export function isDefault(name: string): boolean {
  return name === 'default';
}

/** The same in words. */
export const defaultRule = 'must not be default, which a repository has as a link';

/** The version in the id of a release that is built on a day (`20261123`): `13`, `testing-20261123`, `20261123`. */
export function datedVersion(
  {version, dated = false}: Pick<Release, 'version' | 'dated'>,
  day: string,
): string {
  if (dated === 'alone') return day;
  return dated ? `${version}-${day}` : version;
}

/** `debian-13-x86_64-vpsadminos-minimal`. */
export function templateId(name: TemplateName): string {
  return [name.distribution, name.version, name.arch, name.vendor, name.variant].join('-');
}

/** The name people use and logs show: distribution and release, with the variant where it is not `minimal`. */
export function shortName(template: Template): string {
  const base = `${template.distribution}-${template.release}`;
  return template.variant === 'minimal' ? base : `${base}-${template.variant}`;
}
