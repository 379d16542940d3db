import {z} from 'zod';
import {keyPath, must, shown, suggestion} from '../mistake.ts';
import type {Builder} from '../recipe/builder.ts';
import type {Distribution} from '../recipe/distribution.ts';
import type {HostnameBackend, NetworkBackend, OsctlSupport} from '../recipe/osctl.ts';
import type {Release} from '../recipe/release.ts';
import type {Step} from '../recipe/step.ts';
import {defaultRule, fieldPattern, fieldRule, isDefault} from '../recipe/template.ts';
import {blank} from './blanks.ts';

/** A schema for every field: a new one in a type is a compile error here until its shape is said. */
type Shape<T> = Readonly<Record<keyof T, z.ZodType>>;

const text = z
  .string({error: must('text')})
  .min(1, {error: 'must not be empty'})
  .refine((value) => !value.includes(blank), {error: must('filled')});
const texts = z.array(text, {error: must('a list of texts')});
const field = text.regex(fieldPattern, {error: must(fieldRule)});
const variant = field.refine((name) => !isDefault(name), {error: defaultRule});
const method = z.custom((value) => typeof value === 'function', {error: must('a function')});
const step = z.looseObject({name: text, run: method, made: z.string().optional()} satisfies Shape<Step>, {
  error: must('a step, as step() makes it'),
});
const steps = z.array(step, {error: must('a list of steps')});

const tagList = z.array(field, {error: must('a list of tags')});

const release = z.looseObject(
  {
    version: field,
    codename: text,
    dated: z.union([z.boolean(), z.literal('alone')], {error: must("true, false or 'alone'")}).optional(),
    tags: tagList.optional(),
    legacy: z.boolean({error: must('true or false')}).optional(),
    endOfLife: z.iso.date({error: must('a day that exists, as YYYY-MM-DD')}).optional(),
    cgroups: z.enum(['any', 'v1', 'v2'], {error: must("'any', 'v1' or 'v2'")}),
  } satisfies Shape<Release>,
  {error: must('a release')},
);

const hostname = z.looseObject(
  {
    name: text,
    unsupported: text.optional(),
    problems: method,
    files: method,
    command: method,
  } satisfies Shape<HostnameBackend>,
  {error: must('a hostname backend')},
);

const network = z.looseObject(
  {
    name: text,
    prepare: steps,
    problems: method,
    configure: method,
    leftovers: method,
  } satisfies Shape<NetworkBackend>,
  {error: must('a network backend')},
);

const hooks = z.instanceof(URL, {error: must('the URL of a folder')}).optional();

const osctl = z.looseObject({hostname, network, hooks} satisfies Shape<OsctlSupport>, {
  error: must('an object with hostname and network'),
});

const fields = {
  name: field,
  title: text,
  family: text,
  builder: z.unknown().optional(), // builderMistakes follows the whole chain
  releases: z.array(release, {error: must('a list of releases')}).min(1, {error: 'must name a release'}),
  tags: z
    .strictObject(
      {newest: tagList.optional(), previous: tagList.optional()},
      {error: must('an object with newest and previous')},
    )
    .optional(),
  variants: z
    .array(variant, {error: must('a list of variants')})
    .min(1, {error: 'must name a variant'})
    .optional(),
  bootstrap: method,
  configure: perRelease(steps),
  osctl: perRelease(osctl),
  listPackages: method,
  trial: method.optional(),
  mirrors: z
    .record(z.string(), texts, {error: must('an object of lists of mirrors, by the name of their place')})
    .optional(),
  mirrorsTogether: method.optional(),
  checkMirror: method.optional(),
  listSources: method,
  seal: z.looseObject({remove: texts.optional()}, {error: must('an object with remove')}).optional(),
  timeZone: text.refine(isTimeZone, {error: must('a time zone, as Europe/Prague')}).optional(),
  init: texts.min(1, {error: 'must name a command'}).optional(),
  container: method.optional(),
  haltSignal: text.regex(/^SIG[A-Z0-9+-]+$/, {error: must("a signal's name, as SIGPWR")}).optional(),
} satisfies Shape<Distribution>;

/** What is settled for a release: what functions gave, too. */
const settled = z.looseObject({bootstrap: step, configure: steps, osctl});

/** The fields of a recipe that was settled for a release which are of the wrong shape, as `configure[1]: …`. */
export function releaseMistakes(recipe: unknown): string[] {
  return issues(settled.safeParse(recipe), []);
}

const distribution = z.object(fields, {error: must('a distribution')}).catchall(
  z.unknown().refine(() => false, {
    error: ({path}) => `is no field of a recipe${suggestion(String(path?.at(-1)), Object.keys(fields))}`,
  }),
);

// The base is checked by builderMistakes, one builder after the other.
const builder = z.looseObject({
  name: field,
  packages: texts,
  suite: text.optional(),
  maximumAge: z
    .number({error: must('a number of days')})
    .min(0, {error: must('0 days or more')})
    .optional(),
} satisfies Shape<Omit<Builder, 'base'>>);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A value of a shape, or a function that gives one for a release. */
function perRelease(shape: z.ZodType): z.ZodType {
  return z.unknown().check((context) => {
    if (typeof context.value === 'function') return;
    for (const {path, message} of shape.safeParse(context.value).error?.issues ?? [])
      context.issues.push({code: 'custom', input: context.value, path, message});
  });
}

/** Whether a value is a recipe whose every field has its shape. */
export function isDistribution(value: unknown): value is Distribution {
  return shapeMistakes(value).length === 0;
}

/** The fields of a recipe that are missing, unknown or of the wrong shape, as `releases[0].cgroups: is missing`. */
export function shapeMistakes(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [
      `the default export must be a distribution, as defineDistribution() makes it, not ${shown(value)}`,
    ];
  }
  return [
    ...issues(distribution.safeParse(value), []),
    ...builderMistakes('builder' in value ? value.builder : undefined),
  ];
}

/** What is wrong with a builder or one below it: its shape, a circle of bases, a missing or an extra suite. */
function builderMistakes(first: unknown): string[] {
  const mistakes: string[] = [];
  const seen = new Set<unknown>();
  const path = ['builder'];
  for (let current = first; ; path.push('base')) {
    const place = keyPath(path);
    if (typeof current !== 'object' || current === null) {
      const found = current === undefined ? 'is missing' : `is ${shown(current)}`;
      return [...mistakes, `${place}: ${found}; it must be a builder, as defineBuilder() makes it`];
    }
    if (seen.has(current))
      return [...mistakes, `${place}: is a builder above it again; the chain has no end`];
    seen.add(current);
    mistakes.push(...issues(builder.safeParse(current), path));
    const base = 'base' in current ? current.base : undefined;
    const suite = 'suite' in current ? current.suite : undefined;
    if (base === undefined) {
      return suite === undefined
        ? [...mistakes, `${place}.suite: the lowest builder must have one`]
        : mistakes;
    }
    if (suite !== undefined) mistakes.push(`${place}.suite: only the lowest builder has one`);
    current = base;
  }
}

function issues(result: z.ZodSafeParseResult<unknown>, path: readonly string[]): string[] {
  return (result.error?.issues ?? []).map(
    (issue) => `${keyPath([...path, ...issue.path]) || 'it'}: ${issue.message}`,
  );
}
