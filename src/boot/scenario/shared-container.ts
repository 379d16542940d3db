import type {ContainerCommandOptions} from '../../container/engine.ts';
import {treeOf} from '../../rootfs/tree.ts';
import type {Member, RunningMember} from '../member/member.ts';
import {rememberCommand, tellCommand, type WaitOptions} from '../wait.ts';
import type {ScenarioNode} from './node.ts';

/** A container for which nothing was ordered, booted once for all scenarios that only look into one. */
export interface SharedContainer extends AsyncDisposable {
  /** It as a scenario sees it, once its boot has ended: the commands are the scenario's, and end with it. */
  booted(scenario: ScenarioView): Promise<RunningMember>;
  /** What to show and keep of it when a scenario fails; undefined before the first has asked for it. */
  member(): Member | undefined;
  /** Lets it run on when it is disposed of. */
  keep(): void;
}

export interface ScenarioView extends WaitOptions {
  readonly log: (line: string) => void;
}

/** The shared container of a test, which ends with it; `signal` is the whole test's. */
export function sharedContainer(
  node: Pick<ScenarioNode, 'member' | 'nextIndex'>,
  {signal, log}: Omit<ScenarioView, 'activity'>,
): SharedContainer {
  let member: Member | undefined;
  let boot: Promise<Member> | undefined;
  let stays = false;
  const start = async () => {
    const role = `shared-${node.nextIndex()}`;
    member = await node.member({role, signal, log: (line) => log(`shared: ${line}`)}, {});
    await member.start();
    return member;
  };
  return {
    async booted(scenario) {
      boot ??= start();
      if (scenario.activity !== undefined) scenario.activity.now = 'the container that scenarios share';
      return seenBy(await boot, scenario);
    },
    member: () => member,
    keep() {
      stays = true;
    },
    async [Symbol.asyncDispose]() {
      await boot?.catch(() => undefined); // whoever asked for it has been told
      if (!stays) await member?.kill();
    },
  };
}

function seenBy(member: Member, {signal, activity, log}: ScenarioView): RunningMember {
  const doing = (argv: readonly string[], rest?: ContainerCommandOptions): ContainerCommandOptions => {
    tellCommand(activity, argv, member.name);
    return {signal, log, ...rest};
  };
  const ask: RunningMember['ask'] = (argv, rest) => {
    rememberCommand(activity, argv, member.name);
    return member.ask(argv, {signal, log, ...rest});
  };
  return {
    name: member.name,
    interfaces: member.interfaces,
    init: () => member.init(),
    rootfs: treeOf(
      (argv, rest) => member.ask(argv, doing(argv, rest)),
      () => Math.floor(Date.now() / 1000),
    ),
    run: (argv, rest) => member.run(argv, doing(argv, rest)),
    ask,
    failures: () => member.init().failures(ask),
    type: (line, shown, limit) => member.type(line, shown, limit),
  };
}
