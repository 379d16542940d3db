import {type Step, step} from '../recipe/step.ts';

/** Sets the time zone, localtime(5): `UTC`, `Europe/Prague`. */
export function timezone(name: string): Step {
  return step(`time zone ${name}`, (rootfs) =>
    rootfs.write([{path: '/etc/localtime', target: `../usr/share/zoneinfo/${name}`}]),
  );
}
