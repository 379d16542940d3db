import {step} from '../recipe/step.ts';
import {commonFiles} from './files.ts';

/**
 * Units of Fedora's and CentOS's packages that cannot work in a container, installed or not: audit, the kernel's crash
 * dumps, the console's splash screen, the processor's settings and random numbers, mounts of the kernel's.
 */
export const nodeUnits = [
  'auditd.service',
  'audit-rules.service',
  'kdump.service',
  'plymouth-start.service',
  'proc-sys-fs-binfmt_misc.mount',
  'rngd-wake-threshold.service',
  'tuned.service',
  'var-lib-nfs-rpc_pipefs.mount',
] as const;

/** What rpm must leave alone inside, also when the member updates. */
export const macros = step('rpm macros', async (rootfs) => {
  await rootfs.write(await commonFiles('red-hat'));
});
