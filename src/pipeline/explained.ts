import type {Failure, FailureDetails} from '../failure.ts';
import {noSpaceRemedy, saysNoSpace} from '../host/no-space.ts';

interface Cause {
  readonly says: RegExp;
  readonly means: (tree: string) => string;
  readonly details: FailureDetails;
}

/** What any program can meet, by what it or the system says then. */
const causes: readonly Cause[] = [
  {
    says: saysNoSpace,
    means: (tree) => `no space left in ${tree}`,
    details: {kind: 'machine', remedy: noSpaceRemedy},
  },
  {
    says: /exit code 137|signal SIGKILL/,
    means: () => 'something killed it, most likely because memory ran out',
    details: {
      remedy: 'Give the build container more memory (--memory), or run fewer builds at once (--jobs).',
    },
  },
];

/** A failure with what it means and what to do, where its own words do not say it; `tree` is where a build's tree is. */
export function explained(failure: Failure, tree: string): Failure {
  if (failure.remedy !== undefined) return failure;
  const said = [failure.message, ...failure.lastLines].join('\n');
  const cause = causes.find(({says}) => says.test(said));
  return cause === undefined ? failure : failure.at(cause.means(tree), cause.details);
}
