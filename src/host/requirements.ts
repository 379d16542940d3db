import {Failure} from '../failure.ts';
import {tryCommand} from './command.ts';
import {type Finding, missing, obstacles, present, renderFindings, scarce} from './finding.ts';
import {type Machine, thisMachine} from './machine.ts';
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
  const containers = await checkContainers(machine);
  return [...containers, ...(await Promise.all([checkMemory(machine), checkSpace(machine, output)]))];
}

/**
 * Throws one Failure that lists everything that keeps containers from running here, in the words `doctor` has for
 * it. Every command that starts one calls this first; it takes about a twentieth of a second.
 */
export async function requireMachine({
  machine = thisMachine,
}: Pick<CheckOptions, 'machine'> = {}): Promise<void> {
  const findings = obstacles(await checkContainers(machine));
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

async function checkContainers(machine: Machine): Promise<Finding[]> {
  if (machine.platform !== 'linux') {
    return [
      missing('Linux', machine.platform, 'Use a Linux machine, or a virtual machine with Debian or Ubuntu.'),
    ];
  }
  const root = checkRoot(machine);
  const [tools, kernel] = await Promise.all([checkTools(machine), root.ok ? tryKernel(machine) : []]);
  return [checkNode(machine), root, ...tools, ...kernel];
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
