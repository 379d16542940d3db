import {z} from 'zod';
import {must, suggestion} from '../mistake.ts';
import {defaultRule, fieldPattern, fieldRule, isDefault} from '../recipe/template.ts';
import {parseBytes, parseNumber, parseSeconds} from './quantities.ts';

const text = z.string({error: must('text; a number needs quotes')}).min(1, {error: 'must not be empty'});
const field = text.regex(fieldPattern, {error: must(fieldRule)});
const flag = z.boolean({error: must('true or false')});
const seconds = quantity('a time with a unit, like 90s, 10m or 2h', parseSeconds);
const mirror = z.url({protocol: /^https?$/, error: must('an http or https URL')});
const mirrorList = z
  .array(mirror, {error: must('a URL or a list of URLs')})
  .min(1, {error: 'must name a mirror'});

const proxy = z
  .string({error: must('an http or https URL')})
  // the message has no value: there may be a password in it
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), {
    error: 'must be an http or https URL, like http://proxy.example.org:3128',
  });
const proxies = {
  http: proxy.describe('The proxy for http addresses.'),
  https: proxy.describe('The proxy for https addresses.'),
  none: listOf(z.array(text, {error: must('a list of hosts')})).describe(
    'Hosts and domains that are asked directly: localhost, .example.org.',
  ),
};

const template = keys({
  tags: z
    .array(field, {error: must('a list of tags')})
    .describe("The tags it has, instead of the recipe's; [] for none."),
  enabled: flag.describe('Whether members may choose it. Default: true.'),
  supported: flag.describe('Whether support is given for it. Default: while its release has not ended.'),
  label: text
    .max(64, {error: 'must have 64 characters at most'})
    .describe("Its name in vpsAdmin. Default: from the recipe's title."),
  info: text.describe('A line about it in vpsAdmin.'),
  order: z.int({error: must('a whole number')}).describe("Its place in vpsAdmin's list, lowest first."),
  features: z
    .array(field, {error: must('a list of features')})
    .describe('Features of a container that are on from the start.'),
});

/** Settings that a flag and an environment variable can give as well; their text is read as the file's is. */
export const scalars = {
  vendor: field
    .refine((name) => !isDefault(name), {error: defaultRule})
    .describe('The vendor in ids. Default: vpsadminos.'),
  arch: field.describe('The architecture in ids. Default: x86_64.'),
  output: text.describe("Where a run leaves its files. Default: output in the project's folder."),
  repository: text.describe('The published tree. Default: repository in the output.'),
  acceptExpired: z
    .union([z.literal('host'), z.stringbool({truthy: ['true'], falsy: ['false']}), z.boolean()], {
      error: must('host, true or false'),
    })
    .describe(
      "Whether to take signed indexes whose validity has run out; host: as this machine's apt is set. Default: host.",
    ),
  jobs: z
    .union([z.literal('auto'), quantity('', parseCount(1))], {
      error: must('auto or a whole number of 1 or more'),
    })
    .describe('Templates built at once. Default: auto, as many as the machine bears.'),
  memory: quantity('a size with a unit, like 512M or 4G', parseBytes).describe(
    'Memory of a build container, or of one that is tested. Default: no limit of its own for builds, 2G for tests.',
  ),
  cpus: quantity('a number of 0.1 or more', atLeast(0.1)).describe(
    'Processors of a build container. Default: no limit of its own.',
  ),
  processes: quantity('a whole number of 16 or more', parseCount(16)).describe(
    'Processes of a build container, or of one that is tested. Default: 4096.',
  ),
  tree: z
    .enum(['auto', 'tmpfs', 'disk'], {error: must('auto, tmpfs or disk')})
    .describe(
      'Where trees are built: in memory or on disk. Default: auto, in memory where it is large enough.',
    ),
};

/** What an `osctl-templates.yml` may say. Every key can be left out; one without a value counts as left out. */
export const schema = keys({
  ...scalars,
  distributions: z
    .array(text, {error: must('a list of folders')})
    .describe('Folders of recipes, besides the built-in ones.'),
  templates: z
    .record(z.string(), template, {error: must('a map from template names to settings')})
    .describe('The templates the repository holds, which is what `all` means. Default: every one there is.'),
  mirrors: z
    .record(
      z.string(),
      z.record(z.string(), listOf(mirrorList), {
        error: must('a map from source names to mirrors'),
      }),
      {error: must('a map from distributions to their mirrors')},
    )
    .describe("Mirrors instead of the distribution's own, best first."),
  keys: z
    .record(
      z.string(),
      listOf(z.array(text, {error: must('a path or a list of paths')}).min(1, {error: 'must name a file'})),
      {error: must('a map from distributions to files of keys')},
    )
    .describe("Files of public keys that sign what the mirrors serve, instead of the distribution's own."),
  proxy: orOneProxy(
    keys({
      ...proxies,
      distributions: z
        .record(z.string(), orOneProxy(keys(proxies)), {
          error: must('a map from distributions to their proxies'),
        })
        .describe('Other proxies for some distributions: one that caches, say.'),
    }),
  ).describe(
    "Where builds download through: a URL, or a map. Default: the environment's http_proxy and its like.",
  ),
  limits: keys({
    step: seconds.describe('The longest a step may take. Default: 10m.'),
    build: seconds.describe('The longest a build may take. Default: 60m.'),
    test: seconds.describe('The longest a test may take. Default: 20m.'),
  }).describe('Limits of time.'),
  builders: keys({
    maximumAge: quantity('a number of days, 0 or more', atLeast(0)).describe(
      'Days after which a builder is made anew. Default: 7.',
    ),
  }).describe('The build containers.'),
});

/** The same as a JSON schema, for editors. */
export function jsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({jsonSchema: node}) {
      if (node.properties !== undefined) {
        node.type = ['object', 'null']; // a key without a value counts as left out
        node.additionalProperties = false;
      }
      const {orOne, orText, ...rest} = node;
      if (orOne === undefined && orText === undefined) return;
      for (const key of Object.keys(node)) delete node[key];
      const {description, ...alone} = rest;
      const one = orOne === true ? rest.items : {type: 'string'};
      Object.assign(node, {...(description === undefined ? {} : {description}), anyOf: [one, alone]});
    },
  });
}

/** A configuration file's content: bytes, seconds and days as numbers, mirrors as lists, paths as they were written. */
export type Settings = z.output<typeof schema>;

/** A map with these keys and no others, all of them optional. */
function keys<Shape extends z.ZodRawShape>(shape: Shape) {
  const stranger = z.unknown().refine(() => false, {
    error: ({path}) => `unknown key${suggestion(String(path?.at(-1)), Object.keys(shape))}`,
  });
  const map = z.object(shape, {error: must('a map of keys')}).partial();
  const strict: typeof map = map.catchall(stranger);
  return z.preprocess(withoutNulls, strict);
}

/** A text or number that stands for an amount. */
function quantity(what: string, parse: (text: string) => number | undefined) {
  return z.union([z.string(), z.number()], {error: must(what)}).transform((written, context) => {
    const amount = parse(String(written));
    if (amount !== undefined) return amount;
    context.issues.push({code: 'custom', input: written, message: must(what)({input: written})});
    return z.NEVER;
  });
}

function atLeast(least: number): (text: string) => number | undefined {
  return (text) => {
    const number = parseNumber(text);
    return number === undefined || number < least ? undefined : number;
  };
}

function parseCount(least: number): (text: string) => number | undefined {
  return (text) => {
    const count = atLeast(least)(text);
    return Number.isInteger(count) ? count : undefined;
  };
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? {};
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

/** Proxies that may also be written as the one for all. */
function orOneProxy<Proxies extends z.ZodType>(map: Proxies) {
  const both = (value: unknown) => (typeof value === 'string' ? {http: value, https: value} : value);
  return z.preprocess(both, map.meta({orText: true}));
}

/** A list that may also be written as its only item. */
function listOf<Item extends z.ZodArray>(list: Item) {
  return z.preprocess((value) => (typeof value === 'string' ? [value] : value), list.meta({orOne: true}));
}
