import {z} from 'zod';
import {listed} from '../mistake.ts';
import {tagsOf} from '../recipe/distribution.ts';
import {datedVersion, idLimit, type TemplateName, templateId} from '../recipe/template.ts';
import {shapeMistakes} from './shape.ts';

/** The fields of a template id that the configuration gives. */
export type Naming = Pick<TemplateName, 'vendor' | 'arch'>;

/**
 * As much of a recipe as can be read, for the rules that span fields: they are told together with the mistakes in
 * the fields' shapes.
 */
const outline = z.object({
  name: z.string().catch(''),
  variants: z.array(z.string()).catch(['minimal']),
  releases: z
    .array(
      z.object({
        version: z.string().catch(''),
        dated: z.union([z.boolean(), z.literal('alone')]).catch(false),
        tags: z.array(z.string()).catch([]),
        legacy: z.boolean().catch(false),
      }),
    )
    .catch([]),
  tags: z
    .object({
      newest: z.array(z.string()).catch([]),
      previous: z.array(z.string()).catch([]),
    })
    .catch({newest: [], previous: []}),
});

type Outline = z.output<typeof outline>;

/** Everything that is wrong with what a recipe's module exports by default; empty means it can be used. */
export function recipeMistakes(exported: unknown, folderName: string, naming: Naming): string[] {
  const {data: written} = outline.safeParse(exported);
  if (written === undefined) return shapeMistakes(exported);
  const tagged = written.releases.map((release) => ({...release, tags: tagsOf(written, release.version)}));
  const data = {...written, releases: tagged};
  return [
    ...shapeMistakes(exported),
    ...nameMistakes(data, folderName),
    ...repeated(data.releases.map(({version}) => version)).map((version) => `releases: two are ${version}`),
    ...dayMistakes(data),
    ...tagMistakes(data),
    ...idMistakes(data, naming),
  ];
}

function nameMistakes({name}: Outline, folderName: string): string[] {
  if (name === '' || name === folderName) return [];
  return [`name: is ${name}, but its folder is ${folderName}; they must be the same`];
}

/** Two releases whose versions are the day alone would be one. */
function dayMistakes({releases}: Outline): string[] {
  const alone = releases.filter(({dated}) => dated === 'alone').map(({version}) => version);
  return alone.length < 2
    ? []
    : [`releases: the versions of ${listed(alone, 'and')} are the day alone; only one can be`];
}

/** A tag becomes a link beside the versions' folders: it must be one release's, and no version's name. */
function tagMistakes({releases}: Outline): string[] {
  const within = releases.flatMap(({version, tags}) =>
    repeated(tags).map((tag) => `releases: ${version} has the tag ${tag} twice`),
  );
  const across = repeated(releases.flatMap(({tags}) => [...new Set(tags)])).map((tag) => {
    const owners = releases.filter(({tags}) => tags.includes(tag)).map(({version}) => version);
    return `releases: the tag ${tag} is given to ${listed(owners, 'and')}; only one can have it`;
  });
  const versions = releases.flatMap(({version, tags}) =>
    tags
      .filter((tag) => isVersion(tag, version, releases))
      .map((tag) => `releases: ${version} has the tag ${tag}, which is a version`),
  );
  return [...within, ...across, ...versions];
}

/** Whether a tag is a release's version; a dated release's own version is free, as its ids carry the day. */
function isVersion(tag: string, owner: string, releases: Outline['releases']): boolean {
  return releases.some(({version, dated}) => version === tag && !(dated && version === owner));
}

function idMistakes({name, variants, releases}: Outline, naming: Naming): string[] {
  return releases.flatMap(({version, dated}) =>
    variants.flatMap((variant) => {
      const id = templateId({
        ...naming,
        distribution: name,
        version: datedVersion({version, dated}, 'YYYYMMDD'),
        variant,
      });
      if (id.length <= idLimit) return [];
      return [`releases: ${id} has ${id.length} characters; vpsAdmin takes ${idLimit}`];
    }),
  );
}

/** The words that are there more than once, each once. */
function repeated(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, index) => word !== '' && words.indexOf(word) !== index))];
}
