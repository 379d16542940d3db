import {basename} from 'node:path';
import {type Finding, missing, present} from './finding.ts';
import type {Machine} from './machine.ts';

/** The programs a package brings, by the package's name on Debian. */
const toolsOf = {
  uidmap: ['newuidmap', 'newgidmap'],
  mmdebstrap: ['mmdebstrap'],
  gpg: ['gpg'],
  'util-linux': ['flock', 'nsenter', 'unshare', 'setpriv'],
  mount: ['mount'],
  iproute2: ['ip'],
} as const;

const debianKeys = '/usr/share/keyrings/debian-archive-keyring.gpg';
const oldestLxc = 4;

/** Checks the programs that build and test containers are made with. */
export async function checkTools(machine: Machine): Promise<Finding[]> {
  return await Promise.all([
    checkLxc(machine),
    ...Object.entries(toolsOf).map(([name, commands]) => checkCommands(machine, name, commands)),
    checkTar(machine),
    checkKeys(machine),
  ]);
}

/** What to do where something is not installed; the package's name is Debian's. */
export function install(name: string): string {
  return `Run \`npm run setup\`, or: apt-get install ${name} (docs/machine.md has other distributions' names)`;
}

/** Those of some commands that are not there. BusyBox's do not count: they lack the options we use. */
export async function missingCommands(machine: Machine, commands: readonly string[]): Promise<string[]> {
  const paths = await Promise.all(commands.map((command) => machine.findCommand(command)));
  return commands.filter((_, index) => basename(paths[index] ?? 'busybox') === 'busybox');
}

async function checkCommands(machine: Machine, name: string, commands: readonly string[]): Promise<Finding> {
  const absent = await missingCommands(machine, commands);
  return absent.length === 0
    ? present(name, commands.join(', '))
    : missing(name, `no ${absent.join(', ')}`, install(name));
}

async function checkLxc(machine: Machine): Promise<Finding> {
  const tools = await checkCommands(machine, 'lxc', [
    'lxc-start',
    'lxc-attach',
    'lxc-stop',
    'lxc-usernsexec',
  ]);
  if (!tools.ok) return tools;
  const {ok, output} = await machine.run('lxc-start', ['--version']);
  const version = output.trim();
  return ok && Number.parseInt(version, 10) >= oldestLxc
    ? present('lxc', version)
    : missing('lxc', version, `LXC ${oldestLxc} or newer is needed; Debian 11 and Ubuntu 22.04 have one.`);
}

async function checkTar(machine: Machine): Promise<Finding> {
  const [firstLine = ''] = (await machine.run('tar', ['--version'])).output.split('\n');
  return firstLine.includes('GNU tar')
    ? present('tar', firstLine)
    : missing('tar', firstLine || 'none', `GNU tar is needed. ${install('tar')}`);
}

async function checkKeys(machine: Machine): Promise<Finding> {
  return (await machine.readFile(debianKeys)) === undefined
    ? missing("Debian's keys", `no ${debianKeys}`, install('debian-archive-keyring'))
    : present("Debian's keys", debianKeys);
}
