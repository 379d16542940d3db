import {cp, readFile, writeFile} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {testBuild} from '../../src/boot/test-build.ts';
import type {TemplateEvent} from '../../src/event.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {packedBuild} from './packed-build.ts';
import {recipe} from './stand-in.ts';

// osctl is a fake here, and so is ping: fake-host/osctl replays what is written below, after osctl(8). Nothing of this
// has run on a vpsAdminOS host: these tests show what osctl is asked, and what is made of its answers.

interface Answer {
  readonly stdout?: string;
  readonly exitCode?: number;
}
type Recording = readonly (readonly [pattern: string, answers: readonly Answer[]])[];

/** The fakes, which are copied beside each recording: programs see nothing of the environment but PATH. */
const fakes = fileURLToPath(new URL('fake-host', import.meta.url));
const path = process.env.PATH;

const runInside = fileURLToPath(new URL('../../src/boot/member/run-inside', import.meta.url));
const first = 'first.example.org';
const long = `${'long-'.padEnd(52, 'x')}.example.org`;

/** A system that boots by systemd, stops in time, and does what it is asked. */
const healthy: Recording = [
  ['^ct (import|start|stop|set|netif|del) ', [{}]],
  ['^ct show -H -o state ', [{stdout: 'stopped\n'}]],
  ['^ct log cat ', [{stdout: 'lxc says something\n'}]],
  ['^ct runscript .*/run/systemd/system', [{stdout: '/run/systemd/system\n'}]],
  ['is-system-running', [{stdout: 'running\n'}]],
  ['journalctl', [{stdout: 'a line of the journal\n'}]],
];

/** Runs scenarios with the fake, one after the other: what they found, and what osctl was asked beside runscript. */
async function withFake(t: ExecutionContext, only: readonly string[], recording: Recording, keep = false) {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'recording.json'), JSON.stringify({recording, runInside}));
  await writeFile(join(folder, 'asked'), '');
  await cp(fakes, folder, {recursive: true});
  process.env.PATH = [folder, path].join(delimiter);
  const build = await packedBuild(t);
  const notes: string[] = [];
  const listen = (event: TemplateEvent) => void (event.type === 'note' && notes.push(event.message));
  const rest = {report: listen, log: () => undefined, concurrency: 1, keep};
  const manifest = {...build.manifest, release: '1'};
  const report = await testBuild({...build, manifest}, recipe, {engine: 'osctl', only, ...rest});
  const lines = (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
  const asked = lines
    .map((line) => String(JSON.parse(line)[1]).replace(`${build.folder}/`, ''))
    .filter((line) => !line.startsWith('ct runscript'));
  const found = report.scenarios.map(({name, outcome, reason}) => [name, outcome, reason]);
  return {found, asked, report, notes};
}

test.serial('(fake osctl) a container is imported, set up, started, stopped and deleted', async (t) => {
  const hosts = (name: string) => ({
    stdout: `127.0.0.1 ${name} ${name.split('.')[0]}\n::1 ${name} ${name.split('.')[0]}\n`,
  });
  const {found, asked, report} = await withFake(
    t,
    ['hostname'],
    [
      ...healthy,
      [' hostname$', [{stdout: first}, {stdout: long}]],
      [' /etc/hosts$', [hosts(first), hosts(first), hosts(long)]],
    ],
  );
  t.deepEqual(found, [['hostname', 'passed', undefined]]);
  t.true(report.passed);
  t.deepEqual(asked, [
    'ct import --as-id hostname-1 image-archive.tar',
    'ct netif new routed hostname-1 eth0',
    'ct netif ip add hostname-1 eth0 192.0.2.2/32',
    'ct netif ip add hostname-1 eth0 198.51.100.2/32',
    'ct netif ip add hostname-1 eth0 2001:db8:a:2::1/128',
    'ct netif ip add hostname-1 eth0 2001:db8:b:2::1/128',
    `ct set hostname hostname-1 ${first}`,
    'ct start hostname-1',
    `ct set hostname hostname-1 ${long}`,
    'ct stop --dont-kill --timeout 60 hostname-1',
    'ct show -H -o state hostname-1',
    'ct start hostname-1',
    'ct del -f hostname-1',
  ]);
});

test.serial('(fake osctl) a failure has the logs, and the container is deleted', async (t) => {
  const stays = [['^ct show', [{stdout: 'running\n'}]]] as const;
  const timeout = [['^ct stop --dont-kill', [{exitCode: 1}]]] as const;
  const {found, asked, report} = await withFake(
    t,
    ['stop'],
    [...stays, ...timeout, ...healthy, ['sleep 1000', [{}]], ['kill -0', [{}]]],
  );
  t.deepEqual(found, [['stop', 'failed', "a stop from outside: expected 'clean', saw 'killed'"]]);
  t.deepEqual(report.scenarios[0]?.logs?.['stop-1 lxc'], ['lxc says something']);
  t.regex(
    report.scenarios[0]?.logs?.['last commands']?.at(-1) ?? '',
    /^stop-1: osctl ct stop --kill t\w+-stop-1$/,
  );
  t.deepEqual(asked.slice(-3), ['ct stop --kill stop-1', 'ct log cat stop-1', 'ct del -f stop-1']);
});

test.serial('(fake osctl) what is kept is not deleted, and the note tells how to enter it', async (t) => {
  const degraded: Recording = [
    ['is-system-running', [{stdout: 'degraded\n'}]],
    ['list-units', [{}]],
    ...healthy,
  ];
  const {asked, notes, report} = await withFake(t, ['health'], degraded, true);
  t.deepEqual(asked.slice(-2), ['ct start health-1', 'ct log cat health-1']);
  t.regex(notes.join(), /^what failed goes on running, until:\n {2}osctl ct del -f t[0-9a-f]{4}-health-1$/);
  t.regex(report.scenarios[0]?.enter?.join() ?? '', /^osctl ct attach t[0-9a-f]{4}-health-1$/);
});

test.serial('(fake osctl) a command that fails ends as a failure with its last lines', async (t) => {
  const refused: Recording = [['^ct import ', [{exitCode: 1}]], ...healthy];
  const {found, asked} = await withFake(t, ['health'], refused);
  t.deepEqual(found, [['health', 'failed', 'osctl ct import failed with exit code 1']]);
  t.deepEqual(asked, ['ct import --as-id health-1 image-archive.tar', 'ct del -f health-1']);
});

test.serial('(fake osctl) what a host cannot be asked for is not checked, and says why', async (t) => {
  const only = ['bridged', 'console', 'dhcp', 'routed-2018', 'routed-today', 'tun'];
  const {found, report} = await withFake(t, only, healthy);
  const bridge = 'a test knows no bridge of a vpsAdminOS host, nor its addresses';
  t.deepEqual(found, [
    ['bridged', 'not checked', bridge],
    ['console', 'not checked', "a console of osctl's is for a person's terminal"],
    ['dhcp', 'not checked', bridge],
    ['routed-2018', 'not checked', 'osctl has no interconnecting networks any more'],
    [
      'routed-today',
      'not checked',
      'the rest is right, but nothing outside of this host tells what address the container connects from',
    ],
    [
      'tun',
      'not checked',
      "the devices of a vpsAdminOS host's containers come from its groups, which a test does not change: tun",
    ],
  ]);
  t.false(report.passed);
});
