import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {temporaryFolder} from '../host/temporary.ts';
import {launcher} from './osctl-template.ts';

test('folders can be entered by containers and web servers, whatever the umask', async (t) => {
  const output = join(await temporaryFolder(t), 'output');
  const script = 'umask 077; exec "$0" "$@"';
  const args = ['instantiate', 'debian-13', '--output', output];
  const {stderr} = await execa('sh', ['-c', script, launcher, ...args], {reject: false, stdin: 'ignore'});
  t.regex(stderr, /debian-13 has not been built/);
  for (const folder of ['.', 'containers', 'repository'])
    t.is((await stat(join(output, folder))).mode & 0o777, 0o755, folder);
});
