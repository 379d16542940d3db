import {type Step, step} from '../recipe/step.ts';

/** A locale of glibc's: `en_US.UTF-8`, `C.UTF-8`. */
export type Locale = `${string}.UTF-8`;

/** Generates a locale with glibc's locale-gen(8) as Debian has it, and makes it the default. */
export function locale(name: Locale): Step {
  return step(`locale ${name}`, async (rootfs) => {
    await rootfs.write([
      {path: '/etc/locale.gen', content: `${name} UTF-8\n`},
      {path: '/etc/default/locale', content: `LANG=${name}\n`},
      // Debian 13's systemd-tmpfiles puts a link to this one in the place of that
      {path: '/etc/locale.conf', content: `LANG=${name}\n`},
    ]);
    await rootfs.run(['locale-gen']);
  });
}

/** Makes a locale the default by locale.conf(5), and generates it where the distribution does not ship it made. */
export function localeConf(name: Locale, {generate = false} = {}): Step {
  return step(`locale ${name}`, async (rootfs) => {
    await rootfs.write([{path: '/etc/locale.conf', content: `LANG=${name}\n`}]);
    if (!generate) return;
    await rootfs.write([{path: '/etc/locale.gen', content: `${name} UTF-8\n`}]);
    await rootfs.run(['locale-gen']);
  });
}
