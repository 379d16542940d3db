import {readFile} from 'node:fs/promises';
import test from 'ava';
import {manual} from '../../src/cli/manual.ts';
import {program} from '../../src/cli/program.ts';
import {osctlTemplate} from './osctl-template.ts';

test('the manual page is made of the commands as they are, and has them all', async (t) => {
  const page = await readFile(new URL('../../docs/osctl-template.1', import.meta.url), 'utf8');
  t.is(page, manual(program), 'run `npm run docs`');
  for (const command of program.commands) t.true(page.includes(command.name().replaceAll('-', '\\-')));
  for (const line of page.split('\n').filter((each) => each.startsWith('.')))
    t.regex(line, /^\.(TH|SH|SS|TP|BR|br)\b/);
});

test('shells complete commands, flags and templates', async (t) => {
  const completed = async (...words: readonly string[]) => {
    const {stdout} = await osctlTemplate(['complete', '--', ...words]);
    return stdout.split('\n').map((line) => line.split('\t')[0]);
  };
  t.true((await completed('dep')).includes('deploy'));
  t.true((await completed('build', '--tr')).includes('--tree'));
  t.true((await completed('build', 'debian-1')).includes('debian-13'));
  t.true((await completed('mirrors', 'check', 'u')).includes('ubuntu'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const {stdout, exitCode} = await osctlTemplate(['complete', shell]);
    t.is(exitCode, 0);
    t.regex(stdout, /osctl-template complete --/);
  }
});
