import type {InstalledPackage, PackageTrial} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {type Step, type StepContext, step} from '../../recipe/step.ts';
import {diagnosed} from '../diagnosis.ts';
import {firstMirror, trimmed} from '../mirrors.ts';
import {apkDiagnostics} from './failure.ts';
import {isApkKey} from './key.ts';
import {fetchMinirootfs} from './minirootfs.ts';
import type {ApkRelease} from './release.ts';

const repositories = '/etc/apk/repositories';
const keys = '/etc/apk/keys';

/**
 * Bootstraps Alpine: its signed minirootfs, and the rest by the apk that is in it, which takes indexes and packages
 * only by the keys that came with it, or by the configured ones in their place. With several mirrors the next is tried
 * when one cannot be had, never when a signature is wrong.
 */
export function apkBootstrap<R extends ApkRelease>(packages: readonly string[]): Step<R> {
  return step('minirootfs and apk', async (rootfs, context) => {
    const {archive = []} = context.sources;
    await firstMirror(context, archive, async (mirror) => {
      const {file} = await fetchMinirootfs(context, mirror);
      await context.container.run(['tar', '-xzpf', file, '--numeric-owner', '-C', context.container.tree]);
      await trust(rootfs, context);
      const branch = addressFor(context.release, `${trimmed(mirror)}/${context.release.branch}`);
      await rootfs.write([
        {path: repositories, content: `${branch}/main\n${branch}/community\n`},
        // apk's own look-ups; what of it is in the tree goes with the next stage
        {path: '/etc/resolv.conf', content: await resolvers(context)},
      ]);
      await runApk(rootfs, ['update']);
      await runApk(rootfs, ['upgrade', '--available']);
      await runApk(rootfs, ['add', ...packages]);
    });
  });
}

/** What was made before its mirror's certificate cannot verify it; what it fetches is signed all the same. */
function addressFor({legacy = false}: Release, url: string): string {
  return legacy ? url.replace(/^https:/, 'http:') : url;
}

/** Puts configured keys in the place of those that came with the tree. */
async function trust(rootfs: Rootfs, context: StepContext): Promise<void> {
  const configured = context.keys.filter(isApkKey);
  if (configured.length === 0) return;
  await rootfs.remove(`${keys}/*`);
  await rootfs.write(configured.map(({name, content}) => ({path: `${keys}/${name}`, content})));
}

async function resolvers({container}: StepContext): Promise<string> {
  return container.run(['sh', '-c', 'cat /etc/resolv.conf 2>/dev/null || :'], {quiet: true});
}

/** Runs the tree's own apk; a failure says what it means, wherever in the output the cause was told. */
export async function runApk(rootfs: Rootfs, argv: readonly string[]): Promise<void> {
  await diagnosed(apkDiagnostics, (onLine) => rootfs.run(['apk', '--no-progress', ...argv], {onLine}));
}

/** A package for the boot tests to install and remove, with a command it brings. */
export function apkTrial(name: string, brings: string): PackageTrial {
  const apk = ['apk', '--no-progress'];
  return {
    name,
    install: [
      [...apk, 'update'],
      [...apk, 'add', name],
    ],
    remove: [...apk, 'del', name],
    brings,
  };
}

/** The packages apk's database has as installed: paragraphs of one-letter fields. */
export async function apkPackages(rootfs: Rootfs): Promise<InstalledPackage[]> {
  const database = '/lib/apk/db/installed';
  const text = (await rootfs.read(database)) ?? (await rootfs.read(`/usr${database}`)) ?? '';
  return parseInstalled(text);
}

export function parseInstalled(text: string): InstalledPackage[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(paragraph)?.[1];
    const [name, version, arch] = [field('P'), field('V'), field('A')];
    return name === undefined || version === undefined || arch === undefined ? [] : [{name, version, arch}];
  });
}

/** The repositories of a tree. */
export async function apkSources(rootfs: Rootfs): Promise<string[]> {
  const lines = ((await rootfs.read(repositories)) ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
