import {osctlProblems} from '../osctl/integrate.ts';
import type {ReleaseRecipe} from '../recipe/distribution.ts';
import {type Step, step} from '../recipe/step.ts';
import {refuseTemplate} from './refusal.ts';

/** What no template may carry, whatever the distribution; the inspection proves that it is gone. */
export const sealedPaths = [
  '/etc/.pwd.lock',
  '/etc/dropbear/dropbear_*_host_key',
  '/etc/dropbear/dropbear_*_host_key.pub',
  '/etc/hostname',
  '/etc/ssh/ssh_host_*',
  '/etc/ssl/private/ssl-cert-snakeoil.key',
  '/etc/ssl/certs/ssl-cert-snakeoil.pem',
  '/etc/passwd-',
  '/etc/group-',
  '/etc/shadow-',
  '/etc/gshadow-',
  '/etc/subuid-',
  '/etc/subgid-',
  '/dev/*',
  '/root/.bash_history',
  '/run/*',
  '/tmp/*',
  '/usr/sbin/policy-rc.d',
  '/var/cache/ldconfig/*',
  '/var/lib/dbus/machine-id',
  '/var/lib/systemd/credential.secret',
  '/var/lib/systemd/random-seed',
  '/var/tmp/*',
] as const;

/** A program that opened a pipe in the file's place would wait for ever. */
const lockRoot = `[ -f "$0" ] && [ ! -L "$0" ] || { echo "$0 is no plain file" >&2; exit 1; }
exec sed -i 's|^root:[^:]*:|root:*:|' "$0"`;

/** The name by which an iSCSI target knows a machine. */
const initiatorName = '/etc/iscsi/initiatorname.iscsi';

/** The steps of the seal stage: nothing that must not be shared between containers stays in the tree. */
export function sealing(recipe: Pick<ReleaseRecipe, 'seal' | 'osctl'>): Step[] {
  return [
    step('root without a password', (rootfs) =>
      rootfs.run(['sh', '-c', lockRoot, '/etc/shadow']).then(() => undefined),
    ),
    step('identity', (rootfs) => rootfs.write([{path: '/etc/machine-id', content: '', mode: 0o444}])),
    step('resolver', async (rootfs) => {
      await rootfs.remove('/etc/resolv.conf');
      await rootfs.write([{path: '/etc/resolv.conf', content: ''}]);
    }),
    // with a slash, for it may be a link
    step('logs', (rootfs) =>
      rootfs.run(['find', '/var/log/', '-type', 'f', '-delete']).then(() => undefined),
    ),
    step('initiator name', async (rootfs) => {
      // open-iscsi makes one at its first start where the file asks for it
      if ((await rootfs.read(initiatorName)) !== undefined)
        await rootfs.write([{path: initiatorName, content: 'GenerateName=yes\n', mode: 0o600}]);
    }),
    step('leftovers', (rootfs) => rootfs.remove(...sealedPaths, ...(recipe.seal?.remove ?? []))),
    step('what osctl needs', async (rootfs, {log}) => {
      const problems = await osctlProblems(recipe.osctl, rootfs);
      refuseTemplate(
        problems.map((problem) => `osctl cannot work with it: ${problem}`),
        log,
      );
    }),
  ];
}
