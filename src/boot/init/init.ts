import type {Ask, InitSystem} from './init-system.ts';
import {openrc} from './openrc.ts';
import {systemd} from './systemd.ts';
import {sysvinit} from './sysvinit.ts';

/** The init systems a boot is recognised by. */
const initSystems: readonly InitSystem[] = [systemd, openrc, sysvinit];

/** The init system that has taken over in a container; undefined while none has. */
export async function initOf(ask: Ask): Promise<InitSystem | undefined> {
  const marks = initSystems.map(({mark}) => mark);
  const script = 'for folder; do [ ! -d "$folder" ] || echo "$folder"; done';
  const {stdout} = await ask(['sh', '-c', script, 'init', ...marks]);
  return initSystems.find(({mark}) => stdout.split('\n').includes(mark));
}
