import {Failure} from '../failure.ts';
import {quoted} from '../invocation.ts';
import {tryCommand} from './command.ts';
import {type Finding, missing, obstacles, present, renderFindings, scarce} from './finding.ts';
import {type Machine, thisMachine} from './machine.ts';
import {mountOf} from './mounts.ts';
import {tryKernel} from './probes.ts';
import {memoryOfABuild, readResources} from './resources.ts';
import {checkTools} from './tools.ts';

const oldestNode = 24;
const gibibyte = 2 ** 30;
const roomForOutput = 4 * gibibyte;

export interface CheckOptions {
  /** The folder that output goes to. */
  readonly output?: string;
  readonly machine?: Machine;
}

/** Looks whether this machine can build and test templates: everything that is needed, what there is of it, what to do. */
export async function checkMachine({
  output = 'output',
  machine = thisMachine,
}: CheckOptions = {}): Promise<Finding[]> {
  const containers = await checkContainers(machine, output);
  return [...containers, ...(await Promise.all([checkMemory(machine), checkSpace(machine, output)]))];
}

/**
 * Throws one Failure that lists everything that keeps containers from running here, in the words `doctor` has for
 * it. Every command that starts one calls this first; it takes about a twentieth of a second.
 */
export async function requireMachine({
  output = 'output',
  machine = thisMachine,
}: CheckOptions = {}): Promise<void> {
  const findings = obstacles(await checkContainers(machine, output));
  if (findings.length === 0) return;
  throw new Failure(`this machine cannot run containers:\n${renderFindings(findings)}`, {
    kind: 'machine',
    remedy:
      '`npm run setup` installs what is missing; `./osctl-template doctor` shows everything that is checked.',
  });
}

/** Throws a Failure of kind `machine` where there is no vpsAdminOS to run containers by. */
export async function requireOsctl(): Promise<void> {
  const {exitCode} = await tryCommand(['sh', '-c', 'command -v osctl']);
  if (exitCode === 0) return;
  throw new Failure('this machine has no osctl', {
    kind: 'machine',
    remedy: 'Run it as root on a vpsAdminOS host, or without `--engine osctl`.',
  });
}

async function checkContainers(machine: Machine, output: string): Promise<Finding[]> {
  if (machine.platform !== 'linux') {
    return [
      missing('Linux', machine.platform, 'Use a Linux machine, or a virtual machine with Debian or Ubuntu.'),
    ];
  }
  const root = checkRoot(machine);
  const [tools, kernel, programs] = await Promise.all([
    checkTools(machine),
    root.ok ? tryKernel(machine) : [],
    checkOutput(machine, output),
  ]);
  return [checkNode(machine), root, ...tools, ...kernel, ...programs];
}

/** Builders and, unless they are in memory, trees are below the output folder, and their programs are run there. */
async function checkOutput(machine: Machine, output: string): Promise<Finding[]> {
  const [folder, mountinfo] = await Promise.all([
    machine.existing(output),
    machine.readFile('/proc/self/mountinfo'),
  ]);
  const mount = mountOf(folder, mountinfo ?? '');
  if (mount === undefined) return []; // nothing tells, and what cannot run says so itself
  if (!mount.options.includes('noexec'))
    return [present('output', `programs can run in ${output}, on ${mount.point}`)];
  const remedy = `Name a folder on another file system with --output, or run: mount -o remount,exec ${quoted(mount.point)}`;
  return [missing('output', `${output} is on ${mount.point}, which is mounted noexec`, remedy)];
}

function checkNode({nodeVersion}: Machine): Finding {
  return Number.parseInt(nodeVersion, 10) >= oldestNode
    ? present('Node.js', nodeVersion)
    : missing(
        'Node.js',
        nodeVersion,
        `Node.js ${oldestNode} or newer is needed. Run \`npm run setup\`, which brings it.`,
      );
}

function checkRoot({uid}: Machine): Finding {
  return uid === 0
    ? present('root', 'yes')
    : missing(
        'root',
        `no, this is user ${uid}`,
        'Run it with sudo: overlays and test networks need root. Containers do not get it.',
      );
}

async function checkMemory(machine: Machine): Promise<Finding> {
  const {memory} = await readResources(machine);
  const found = `${gibibytes(memory)} available`;
  return memory >= memoryOfABuild
    ? present('memory', found)
    : scarce('memory', found, 'Below 2 GiB builds go one by one and on the disk; they take longer.');
}

async function checkSpace(machine: Machine, output: string): Promise<Finding> {
  const space = await machine.freeSpace(output);
  if (space === undefined)
    return scarce('disk', `cannot tell for ${output}`, 'Name another folder with --output.');
  const found = `${gibibytes(space)} free in ${output}`;
  return space >= roomForOutput
    ? present('disk', found)
    : scarce(
        'disk',
        found,
        'Delete old builds in it (output/README.md says what may go), or name another folder with --output.',
      );
}

function gibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
