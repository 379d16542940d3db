import {buildFiles, type Manifest} from '../image/manifest.ts';
import type {TemplateName} from '../recipe/template.ts';
import {type Defaults, type IndexContents, indexContents} from './index-contents.ts';

/** One of the trees clients read: an index and, in folders named by the template's fields, one file a template. */
export interface Tree {
  /** Where its index and its vendors are, relative to the repository; empty for the repository itself. */
  readonly folder: string;
  /** The index's key for the list of templates, and the key in each for its file. */
  readonly keys: {readonly list: string; readonly file: string};
  /** The build's file it offers. */
  readonly file: string;
}

/** osctl-repo's schema 1, which nodes and vpsAdmin read today. */
export const schema1: Tree = {
  folder: 'v1',
  keys: {list: 'images', file: 'image'},
  file: buildFiles.imageArchive,
};

/** The template repository of 2018, at the root. */
export const templates2018: Tree = {
  folder: '',
  keys: {list: 'templates', file: 'rootfs'},
  file: buildFiles.rootfs,
};

export const trees: readonly Tree[] = [schema1, templates2018];

/** The index's name in its tree's folder. */
export const indexFile = 'INDEX.json';

/** What a tree's index says: of each template, the newest build that has the tree's file. */
export function treeContents(tree: Tree, manifests: readonly Manifest[], defaults?: Defaults): IndexContents {
  return indexContents(
    manifests.filter((manifest) => Object.hasOwn(manifest.files, tree.file)),
    defaults,
  );
}

/**
 * The index as it is written: JSON with the vendors, their defaults, and every template's file. The last day of support,
 * where one is known, is our own key; readers pass over keys they do not know.
 */
export function renderIndex(tree: Tree, {entries, defaultVendor, defaultVariants}: IndexContents): string {
  const index = {
    vendors: {
      ...(defaultVendor === undefined ? {} : {default: defaultVendor}),
      ...Object.fromEntries(defaultVariants),
    },
    [tree.keys.list]: entries.map(({template, tags, manifest: {endOfLife}}) => ({
      vendor: template.vendor,
      variant: template.variant,
      arch: template.arch,
      distribution: template.distribution,
      version: template.version,
      tags,
      ...(endOfLife === undefined ? {} : {end_of_life: endOfLife}),
      [tree.keys.file]: {tar: filePath(tree, template)},
    })),
  };
  return `${JSON.stringify(index, null, 2)}\n`;
}

/** A template's file relative to the tree's folder: `vpsadminos/minimal/x86_64/debian/13/image-archive.tar`. */
export function filePath(tree: Tree, template: TemplateName): string {
  return `${distributionPath(template)}/${template.version}/${tree.file}`;
}

/** The symbolic links of a tree, each path relative to the tree's folder with the name beside it that it leads to. */
export function treeLinks({entries, defaultVendor, defaultVariants}: IndexContents): Map<string, string> {
  const links = new Map<string, string>();
  if (defaultVendor !== undefined) links.set(defaultName, defaultVendor);
  for (const [vendor, variant] of defaultVariants) links.set(`${vendor}/${defaultName}`, variant);
  for (const {template, tags} of entries) {
    for (const tag of tags) links.set(`${distributionPath(template)}/${tag}`, template.version);
  }
  return links;
}

/** The link beside vendors, and beside each vendor's variants. */
export const defaultName = 'default';

/** The names a repository has at its root; no vendor can be called so, for vendors stand beside them. */
export const rootNames: ReadonlySet<string> = new Set([defaultName, 'builds', 'v1', 'streams', 'meta']);

function distributionPath({vendor, variant, arch, distribution}: TemplateName): string {
  return [vendor, variant, arch, distribution].join('/');
}
