import {type Step, step} from '../recipe/step.ts';

/** Generates a locale with glibc's locale-gen(8) as Debian has it, and makes it the default. */
export function locale(name: `${string}.UTF-8`): Step {
  return step(`locale ${name}`, async (rootfs) => {
    await rootfs.write([
      {path: '/etc/locale.gen', content: `${name} UTF-8\n`},
      {path: '/etc/default/locale', content: `LANG=${name}\n`},
    ]);
    await rootfs.run(['locale-gen']);
  });
}
