import {Failure} from '../failure.ts';
import {type Step, step} from '../recipe/step.ts';

/** Sets the time zone, localtime(5): `UTC`, `Europe/Prague`. Throws a Failure when the tree does not know it. */
export function timezone(name: string): Step {
  return step(`time zone ${name}`, async (rootfs) => {
    const known = `/usr/share/zoneinfo/${name}`;
    if (!(await rootfs.succeeds(['test', '-e', known])))
      throw new Failure(`there is no ${known}`, {remedy: 'Let the recipe install time zones, often tzdata.'});
    // Debian's own, which what it was built with may have set otherwise
    const named = (await rootfs.read('/etc/timezone')) !== undefined;
    await rootfs.write([
      {path: '/etc/localtime', target: `..${known}`},
      ...(named ? [{path: '/etc/timezone', content: `${name}\n`}] : []),
    ]);
  });
}
