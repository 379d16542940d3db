import type {Release} from '../../recipe/release.ts';
import {type KeyFile, type Step, type StepContext, step} from '../../recipe/step.ts';
import {diagnosed} from '../diagnosis.ts';
import {firstMirror, place, trimmed} from '../mirrors.ts';
import {systemMounts} from '../system-mounts.ts';
import {type DnfOptions, dnf} from './dnf.ts';
import {yumDiagnostics} from './yum-failure.ts';

export interface TwoStagesOptions extends DnfOptions {
  /** The distribution's own package manager, which installs the tree. */
  readonly manager: 'yum' | 'dnf';
}

/** Folders of the build container: the first stage, and what the package manager in it is given. */
const firstStage = '/srv/osctl-template-first-stage';
const folder = '/srv/osctl-template-second-stage';
/** The tree, as the first stage has it. */
const sysimage = '/mnt/sysimage';

/**
 * Bootstraps a distribution whose rpm is older than 4.16 and cannot read the SQLite database that the builder's rpm
 * writes. The builder's dnf installs a first stage with the distribution's own package manager, which then installs
 * the tree. Both refuse any package that is not signed by one of the keys.
 */
export function twoStages<R extends Release>(options: TwoStagesOptions): Step<R> {
  const {manager} = options;
  const first = dnf({...options, packages: [manager]});
  return step(`${manager} in two stages`, async (rootfs, context) => {
    const {container, log} = context;
    await container.run(['mkdir', '-p', firstStage]);
    const below = {...container, tree: firstStage};
    const progress = (fraction: number) => context.progress(fraction * 0.4);
    await first.run(rootfs, {...context, container: below, progress});
    log(`the first stage is there; its ${manager} goes on`);
    await firstMirror(context, context.sources[options.place] ?? [], async (mirror) => {
      await diagnosed(yumDiagnostics, (onLine) => secondStage(options, context, mirror, onLine));
    });
    await container.run(['rm', '-rf', firstStage]);
  });
}

async function secondStage<R extends Release>(
  options: TwoStagesOptions,
  context: StepContext<R>,
  mirror: string,
  watch: (line: string) => void,
): Promise<void> {
  const {container, epoch} = context;
  const {manager, repositories, releasever, packages, timeout = 20} = options;
  const keys = await trustedKeys(options, context);
  const write = (path: string, content: string | Uint8Array) =>
    place(container, `${firstStage}${path}`, content);
  for (const {name, content} of keys) await write(`${folder}/${name}`, content);
  const gpgkey = keys.map(({name}) => `file://${folder}/${name}`).join(' ');
  const sections = Object.entries(repositories).map(
    ([id, path]) => `
[${id}]
name=${id}
baseurl=${trimmed(mirror)}/${path}
gpgkey=${gpgkey}
`,
  );
  const configuration = `${folder}/${manager}.conf`;
  await write(configuration, `${mainSection(timeout)}${sections.join('')}`);
  await write('/etc/rpm/macros.osctl-template', macros);
  const argv = [
    manager,
    '-y',
    '-c',
    configuration,
    `--installroot=${sysimage}`,
    `--releasever=${releasever}`,
  ];
  const command = [...argv, 'install', ...packages];
  await container.run(['unshare', '--mount', 'sh', '-ec', enter, firstStage, container.tree, ...command], {
    env: {LC_ALL: 'C', SOURCE_DATE_EPOCH: String(epoch)},
    onLine: (line) => {
      watch(line);
      const [, done, all] = /^\s*Installing\s*:.*\s(\d+)\/(\d+)\s*$/.exec(line) ?? [];
      if (done !== undefined) context.progress(0.4 + (0.6 * Number(done)) / Number(all));
    },
  });
}

/** The configured keys, or else the distribution's own. */
async function trustedKeys<R extends Release>(
  {keys: own}: DnfOptions,
  {container, keys}: StepContext<R>,
): Promise<readonly KeyFile[]> {
  if (keys.length > 0) return keys;
  return Promise.all(
    own.map(async (file) => {
      const content = Buffer.from(await container.run(['cat', file], {quiet: true}));
      return {name: file.slice(file.lastIndexOf('/') + 1), content};
    }),
  );
}

/** yum.conf(5) of 2014 and dnf.conf(5) alike. Paths are the tree's. */
const mainSection = (timeout: number) => `[main]
reposdir=/nonexistent
plugins=0
gpgcheck=1
localpkg_gpgcheck=1
multilib_policy=best
install_weak_deps=0
skip_if_unavailable=0
skip_missing_names_on_install=0
keepcache=0
timeout=${timeout}
retries=2
`;

/** The kernel owns what is mounted there, and nobody needs all languages. */
const macros = '%_netsharedpath /dev:/proc:/sys\n%_install_langs C:en:en_US:en_US.UTF-8\n';

/** Enters the first stage with the tree in it; both have what programs and packages' scripts expect. */
const enter = `
first=$0 tree=$1
shift
for root in "$first" "$tree"; do
  cd "$root"
  mkdir -p dev proc sys
  ${systemMounts} || exit
done
mkdir -p "$first${sysimage}"
mount --rbind "$tree" "$first${sysimage}"
rm -f "$first/etc/resolv.conf"
cat /etc/resolv.conf > "$first/etc/resolv.conf"
exec chroot "$first" "$@"`;
