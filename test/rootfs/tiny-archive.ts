import {mkdir} from 'node:fs/promises';
import {PassThrough} from 'node:stream';
import type {ExecutionContext} from 'ava';
import {command} from '../../src/host/command.ts';
import {type Misbehaviour, type ServedMirror, serveMirror} from '../../stand-ins/shared/serve.ts';
import {openTools} from '../fixtures/build-container.ts';
import {tinyPrograms, tinyTree, workbench} from '../fixtures/tiny.ts';

/**
 * An archive that looks like Debian's to apt and mmdebstrap, and is none: its one essential package has the
 * builder's own dpkg, shell and tar in it, because a test must not depend on hundreds of megabytes from elsewhere.
 * Indexes, hashes and signatures are made by Debian's own tools, and are real.
 *
 * The suites differ in who signed them and until when: `good`, `stranger`, `unsigned`, `expired`.
 */
export interface TinyArchive {
  /** The archive's files. */
  readonly folder: string;
  /** The public key that `good` and `expired` are signed with, as apt takes it. */
  readonly key: string;
}

const dpkgPrograms = ['diff', 'dpkg', 'dpkg-deb', 'dpkg-query', 'dpkg-split', 'id', 'ls', 'mv'];
const systemPrograms = ['ldconfig', 'start-stop-daemon'];

const makeArchive = `
set -e
export GNUPGHOME=/srv/gnupg
mkdir -p -m 700 $GNUPGHOME
key() { gpg --batch --quiet --passphrase '' --quick-generate-key "$1" ed25519 sign never; }
key distribution@example.org
key stranger@example.org

package() {
  mkdir -p /srv/packages/$1/DEBIAN
  printf 'Package: %s\\nVersion: 1\\nArchitecture: amd64\\nMaintainer: Nobody <nobody@example.org>\\n%sDescription: tiny\\n' \\
    "$1" "$2" > /srv/packages/$1/DEBIAN/control
  dpkg-deb --build -Zgzip /srv/packages/$1 /srv/archive/pool >/dev/null
}
mkdir -p /srv/archive/pool
ln -s usr/sbin /srv/packages/base/sbin
package base 'Essential: yes
'
package apt ''
package greeting ''

cd /srv/archive
for suite in good stranger unsigned expired; do
  mkdir -p dists/$suite/main/binary-amd64
  apt-ftparchive packages pool > dists/$suite/main/binary-amd64/Packages
  apt-ftparchive -o APT::FTPArchive::Release::Codename=$suite -o APT::FTPArchive::Release::Suite=$suite \\
    -o APT::FTPArchive::Release::Architectures=amd64 -o APT::FTPArchive::Release::Components=main \\
    release dists/$suite > /srv/Release
  mv /srv/Release dists/$suite/Release
done
sed -i '/^Date:/a Valid-Until: Sat, 01 Jan 2022 00:00:00 UTC' dists/expired/Release
sign() { gpg --batch --quiet --local-user $1@example.org --clearsign --output dists/$2/InRelease dists/$2/Release; }
sign distribution good
sign distribution expired
sign stranger stranger
find dists -name Release ! -path '*/unsigned/*' -delete
gpg --armor --export distribution@example.org > /srv/key.asc
`;

/** Makes the archive in a container and copies it into a folder. */
export async function makeTinyArchive(folder: string): Promise<TinyArchive> {
  await using opened = await openTools(workbench);
  const {container} = opened;
  const programs = [
    ...tinyPrograms,
    ...dpkgPrograms.map((name) => `/usr/bin/${name}`),
    ...systemPrograms.map((name) => `/usr/sbin/${name}`),
  ];
  await container.run(['mkdir', '-p', '/srv/packages/base']);
  await container.run(['sh', '-c', tinyTree, '/srv/packages/base', ...programs]);
  await container.run(['bash', '-c', makeArchive]);
  await mkdir(folder);
  const tar = new PassThrough();
  await Promise.all([
    container.run(['tar', '--create', '--directory=/srv/archive', '.'], {sink: tar}),
    command(['tar', '--extract', '--no-same-owner', `--directory=${folder}`], {input: tar}),
  ]);
  return {folder, key: await container.run(['cat', '/srv/key.asc'])};
}

/** Serves a folder until the test ends. */
export async function serveDuring(
  t: ExecutionContext,
  folder: string,
  misbehave?: Misbehaviour,
): Promise<ServedMirror> {
  const mirror = await serveMirror(folder, misbehave === undefined ? {} : {misbehave});
  t.teardown(() => mirror[Symbol.asyncDispose]());
  return mirror;
}
