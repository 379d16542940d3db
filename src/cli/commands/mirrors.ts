import type {Command} from 'commander';
import {Failure} from '../../failure.ts';
import {refuse, suggestion} from '../../mistake.ts';
import {checkMirrors, isReachable, type MirrorAnswer} from '../../pipeline/check-mirrors.ts';
import type {Recipe} from '../../recipe/distribution.ts';
import type {Template} from '../../recipe/template.ts';
import {configurationOptions, type GivenFlags, limitOptions, sourceOptions} from '../options.ts';
import {print, printJson} from '../print.ts';
import {openSession, type Session} from '../session.ts';
import {renderTable} from '../table.ts';

export function mirrors(program: Command): void {
  const group = program.command('mirrors').summary('ask mirrors whether a build could use them');
  sourceOptions(limitOptions(configurationOptions(group.command('check'))))
    .summary('ask every configured mirror for the first thing a build needs, and verify it')
    .description(
      'Asks every mirror of every distribution for the first thing a build needs of it, verifies its signature as ' +
        'the build would, and says how old it is. Ends with 1 when a mirror fails.',
    )
    .argument('[distributions...]', 'names of distributions; all unless given')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template mirrors check\n  $ osctl-template mirrors check ubuntu debian --json',
    )
    .action(async (names: readonly string[], flags: GivenFlags) => {
      const session = await openSession(flags);
      const answers: MirrorAnswer[] = [];
      for (const recipe of chosen(names, session)) answers.push(...(await answersOf(recipe, session)));
      if (flags.json) printJson(answers.map(row));
      else printAnswers(answers);
      if (answers.some(({checked}) => checked instanceof Failure)) process.exitCode = 1;
    });
}

function chosen(names: readonly string[], {recipes}: Session): readonly Recipe[] {
  const known = recipes.map(({distribution}) => distribution.name);
  refuse(
    names
      .filter((name) => !known.includes(name))
      .map((name) => `${name}: no such distribution${suggestion(name, known)}`),
    '`osctl-template ls` lists all templates.',
  );
  return names.length === 0 ? recipes : recipes.filter(({distribution}) => names.includes(distribution.name));
}

async function answersOf({distribution}: Recipe, session: Session): Promise<MirrorAnswer[]> {
  const legacy = new Set(distribution.releases.filter((each) => each.legacy).map(({version}) => version));
  const rank = ({release, tags}: Template) => (legacy.has(release) ? 2 : tags.length > 0 ? 0 : 1);
  const own = (template: Template) => template.distribution === distribution.name;
  const {known, listed} = session.available;
  // a mirror needs no release that is not built; a distribution that is not listed was asked for by name
  const wanted = listed.some(own) ? listed : known;
  const templates = wanted.filter(own).toSorted((a, b) => rank(a) - rank(b));
  const [first, ...others] = templates.map((template) => session.request(template));
  if (first === undefined) return [];
  return checkMirrors(
    [first, ...others],
    session.environment(() => undefined),
  );
}

function row(answer: MirrorAnswer) {
  const {distribution, place, url = null, checked} = answer;
  const good = checked === undefined || checked instanceof Failure ? undefined : checked;
  return {
    distribution,
    place,
    url,
    reachable: isReachable(answer) ?? null,
    verified: good?.verified ?? null,
    made: good?.made?.toISOString() ?? null,
    failure: checked instanceof Failure ? checked.message : null,
  };
}

function printAnswers(answers: readonly MirrorAnswer[]): void {
  const word = (yes: boolean | undefined) => (yes === undefined ? '-' : yes ? 'yes' : 'no');
  const cells = answers.map((answer) => {
    const {distribution, place, url, verified, made, failure} = row(answer);
    const outcome = failure === null ? (verified ?? 'not asked') : `no: ${failure}`;
    return [
      distribution,
      place,
      url ?? 'the bootstrap tool’s own',
      word(isReachable(answer)),
      outcome,
      made === null ? '-' : showAge(Date.now() - new Date(made).getTime()),
    ];
  });
  print(renderTable(['DISTRIBUTION', 'PLACE', 'MIRROR', 'REACHABLE', 'VERIFIED', 'AGE'], cells));
}

/** An age in milliseconds as people read it: `3 h`, `12 d`. */
export function showAge(milliseconds: number): string {
  const hours = Math.max(0, Math.floor(milliseconds / 3_600_000));
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
