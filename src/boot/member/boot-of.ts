import {Failure} from '../../failure.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {initOf} from '../init/init.ts';
import type {Ask, InitSystem} from '../init/init-system.ts';
import {type WaitOptions, waitFor} from '../wait.ts';

/** A container's boots as they are seen from inside it. */
export interface Boot {
  /** Waits for the end of a boot: the state it reached, in its init system's word. */
  settled(): Promise<string>;
  /** The init system that was found in the last one; throws a Failure before the first. */
  init(): InitSystem;
  /** Reboots it from inside, and waits until the system that ran is gone. */
  leave(rootfs: Rootfs): Promise<void>;
  /** The end of the system's journal; empty before the first boot, and when it cannot be read. */
  journal(ask: Ask): Promise<string[]>;
}

/** Seconds a boot may take. */
const bootLimit = 180;

/** On the tmpfs that each start mounts anew. */
const rebootMark = '/run/osctl-template-rebooting';

export function bootOf(role: string, ask: Ask, wait: WaitOptions): Boot {
  let init: InitSystem | undefined;
  return {
    async settled() {
      const found = await waitFor(`an init system in ${role}`, () => initOf(ask), bootLimit, wait);
      init = found;
      return waitFor(`the end of ${role}'s boot`, () => found.settled(ask), bootLimit, wait);
    },

    init() {
      if (init === undefined) throw new Failure(`${role} has not been started`);
      return init;
    },

    async leave(rootfs) {
      await rootfs.write([{path: rebootMark, content: ''}]);
      await rootfs.succeeds(['reboot']); // may end before it can say that it succeeded
      const gone = async () => (await ask(['test', '!', '-e', rebootMark])).exitCode === 0;
      await waitFor(`a reboot of ${role}`, gone, bootLimit, wait);
    },

    journal: async (hurried) => (await init?.journal(hurried).catch(() => [])) ?? [],
  };
}
