import test from 'ava';
import {mountOf} from '../../src/host/mounts.ts';

const mountinfo = `21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:9 / /srv rw,noexec - tmpfs tmpfs rw
31 21 0:9 / /srv/a\\040b rw - tmpfs tmpfs rw
32 21 0:9 / /twice rw,noexec - tmpfs tmpfs rw
33 32 0:9 / /twice rw,nosuid - tmpfs tmpfs rw
`;

test('a path is on the deepest mount above it, and on the last one there', (t) => {
  const pointOf = (path: string) => mountOf(path, mountinfo)?.point;
  t.is(pointOf('/'), '/');
  t.is(pointOf('/srv'), '/srv');
  t.is(pointOf('/srv-other'), '/');
  t.is(pointOf('/srv/a b/c'), '/srv/a b');
  t.deepEqual(mountOf('/twice/x', mountinfo)?.options, ['rw', 'nosuid']);
  t.is(mountOf('/', ''), undefined);
});
