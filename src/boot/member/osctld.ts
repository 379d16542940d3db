import {hostsWith, resolvConf} from '../../osctl/hosts.ts';
import type {Generation, NetworkInterface, OsctlSupport} from '../../recipe/osctl.ts';
import type {FileEntry, Rootfs} from '../../recipe/rootfs.ts';

/** What a member has set for a container; what is absent is left as the template has it. */
export interface Settings {
  readonly generation: Generation;
  readonly interfaces: readonly NetworkInterface[];
  readonly hostname?: string | undefined;
  /** Addresses of DNS resolvers, the first asked first. */
  readonly resolvers?: readonly string[] | undefined;
}

/** A file whose owner may not write to it is the member's own: osctld leaves it alone. */
const unprotected = {keepReadOnly: true} as const;

/** Writes into a container's tree what osctld does before every start. */
export async function writeSettings(
  rootfs: Rootfs,
  osctl: OsctlSupport,
  {generation, interfaces, hostname, resolvers}: Settings,
): Promise<void> {
  if (unknown(osctl)) return;
  await rootfs.write(
    [
      ...(hostname === undefined ? [] : await hostnameFiles(rootfs, osctl, hostname)),
      ...(resolvers === undefined ? [] : resolverFiles(resolvers)),
      ...(await osctl.network.configure(rootfs, interfaces, generation)),
    ],
    unprotected,
  );
}

/** Writes the configuration of the interfaces anew. */
export async function writeInterfaces(
  rootfs: Rootfs,
  {network}: OsctlSupport,
  {interfaces, generation}: Pick<Settings, 'interfaces' | 'generation'>,
): Promise<void> {
  await rootfs.write(await network.configure(rootfs, interfaces, generation), unprotected);
}

/** Removes what was written for interfaces that are no more. */
export async function removeInterfaces(
  rootfs: Rootfs,
  {network}: OsctlSupport,
  interfaces: readonly NetworkInterface[],
): Promise<void> {
  const paths = interfaces.flatMap(({name}) => network.leftovers(name));
  if (paths.length > 0) await rootfs.remove(...paths);
}

/** Changes the hostname of a container that runs. */
export async function changeHostname(
  rootfs: Rootfs,
  osctl: OsctlSupport,
  hostname: string,
  previous: string | undefined,
): Promise<void> {
  if (unknown(osctl)) return;
  await rootfs.write(await hostnameFiles(rootfs, osctl, hostname, previous), unprotected);
  await rootfs.run(osctl.hostname.command(hostname));
}

/** Changes the DNS resolvers of a container that runs. */
export async function changeResolvers(
  rootfs: Rootfs,
  osctl: OsctlSupport,
  resolvers: readonly string[],
): Promise<void> {
  if (unknown(osctl)) return;
  await rootfs.write(resolverFiles(resolvers), unprotected);
}

/** Sets root's password in a container that runs or is stopped. */
export async function setPassword(rootfs: Rootfs, password: string): Promise<void> {
  await rootfs.run(['chpasswd'], {input: `root:${password}\n`});
}

/** Whether osctld does not know the distribution: it writes nothing into such a container, and its script hooks do. */
function unknown({hooks}: OsctlSupport): boolean {
  return hooks !== undefined;
}

async function hostnameFiles(
  rootfs: Rootfs,
  osctl: OsctlSupport,
  hostname: string,
  previous?: string,
): Promise<FileEntry[]> {
  if (osctl.hostname.unsupported !== undefined) return [];
  const hosts = (await rootfs.read('/etc/hosts')) ?? '';
  return [
    ...(await osctl.hostname.files(hostname, rootfs)),
    {path: '/etc/hosts', content: hostsWith(hosts, hostname, previous)},
  ];
}

function resolverFiles(resolvers: readonly string[]): FileEntry[] {
  return [{path: '/etc/resolv.conf', content: resolvConf(resolvers)}];
}
