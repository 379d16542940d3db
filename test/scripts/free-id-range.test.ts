import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';

const script = join(import.meta.dirname, '../../scripts/free-id-range');

async function freeRange(...ranges: string[]): Promise<string> {
  const {stdout} = await execa(script, ['524288', '-'], {input: `${ranges.join('\n')}\n`});
  return stdout;
}

test('a machine without ranges gets the usual one', async (t) => {
  t.is(await freeRange(), '1000000');
  t.is(await freeRange('alice:100000:65536'), '1000000');
});

test('a range that is taken is passed over, whoever has it', async (t) => {
  t.is(await freeRange('lxd:1000000:1000000000'), '1001062400');
  t.is(await freeRange('root:1000000:524288'), '1572864');
});

test('the last id of one range may touch the first of another', async (t) => {
  t.is(await freeRange('alice:475712:524288', 'bob:1524288:65536'), '1000000');
  t.not(await freeRange('alice:475712:524289'), '1000000');
  t.not(await freeRange('bob:1524287:65536'), '1000000');
});

test('ranges are found in any order, with gaps that are too small', async (t) => {
  t.is(await freeRange('c:2000000:1000000', 'a:900000:500000', 'b:1500000:400000'), '3014656');
});

test('lines that are not ranges do not matter', async (t) => {
  t.is(await freeRange('# root', '', 'root:1000000', 'x:y:z'), '1000000');
});

test('no room is said by the exit status', async (t) => {
  const {exitCode, stdout} = await execa(script, ['524288', '-'], {input: 'a:0:4294967295\n', reject: false});
  t.is(exitCode, 1);
  t.is(stdout, '');
});
