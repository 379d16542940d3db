import test from 'ava';
import {withSettings} from '../../src/rootfs/openrc.ts';

test('settings take the place of earlier ones, and what is commented out stays', (t) => {
  const before = '# The system: "lxc", "docker".\n#rc_sys=""\nrc_sys="prefix"\nrc_tty_number=12\n';
  const after = withSettings(before, {rc_sys: 'lxc', rc_logger: 'YES'});
  const ours = `# An unprivileged container: these are the template's.\nrc_sys="lxc"\nrc_logger="YES"\n`;
  t.is(after, `# The system: "lxc", "docker".\n#rc_sys=""\nrc_tty_number=12\n\n${ours}`);
  t.is(withSettings('', {rc_sys: 'lxc'}).split('\n').length, 3);
});
