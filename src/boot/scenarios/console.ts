import {expect, expectEqual} from '../expect/expect.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'console',
  title: 'A login waits on /dev/console, and nowhere else',
  limit: 240,

  async run(test) {
    const member = await test.shared();
    const asks = async () => {
      const shown = await member.type('root\n', /assword/, 5);
      return /assword/.test(shown);
    };
    await test.waitFor('the console to ask root for a password', asks, 20);
    const terminals = (await member.run(['sh', '-c', gettys])).trim().split('\n');
    const others = terminals.filter((line) => line !== '' && !line.includes('/dev/console'));
    expect(others.length === 0, `a getty is elsewhere than on /dev/console: ${others[0]}`, others);
    expectEqual('gettys', String(terminals.filter((line) => line !== '').length), '1');
  },
});

/** The commands of gettys, and of the logins they became, with the terminal that they have open. */
const gettys = `
  for process in /proc/[0-9]*; do
    command=$(tr '\\0' ' ' 2>/dev/null < "$process/cmdline") || continue
    case $command in
      *getty*|*/login*|login*) case $command in *logind*) continue ;; esac ;;
      *) continue ;;
    esac
    terminal=$(readlink "$process/fd/0") || continue
    echo "$command on $terminal"
  done`;
