import type {MakingTools} from './stand-in.ts';

export interface Userland {
  /** Debian packages beside the essential ones. */
  readonly packages: readonly string[];
  /** Debian's suite, `trixie` unless given. */
  readonly suite?: string;
  /** The container's folder to make it in. */
  readonly tree: string;
}

/** Fills a folder with Debian's programs, for other distributions' packages to be made of; needs mmdebstrap. */
export async function bootstrapUserland(
  {run}: MakingTools,
  {packages, suite = 'trixie', tree}: Userland,
): Promise<void> {
  const mmdebstrap = ['mmdebstrap', '--mode=root', '--variant=minbase', '--format=directory'];
  const lean = [
    'path-exclude=/usr/share/man/*',
    'path-exclude=/usr/share/doc/*',
    'path-exclude=/usr/share/locale/*',
  ];
  await run([
    ...mmdebstrap,
    '--aptopt=Acquire::Check-Valid-Until "false"',
    ...lean.map((option) => `--dpkgopt=${option}`),
    `--include=${packages.join(',')}`,
    suite,
    tree,
  ]);
}

/**
 * Splits a userland into folders, one a group of Debian packages, each with those packages' files below it; what no
 * package of a group has, files that packages' scripts made included, goes to `rest`. What only dpkg and apt need is left out.
 */
export async function splitUserland(
  {run, write}: MakingTools,
  {
    tree,
    into,
    groups,
    rest,
  }: {
    readonly tree: string;
    /** The container's folder that gets a folder of every group's name. */
    readonly into: string;
    readonly groups: Readonly<Record<string, readonly string[]>>;
    /** The group that gets everything else: `filesystem`. */
    readonly rest: string;
  },
): Promise<void> {
  await write('/srv/split-userland', split);
  const lines = Object.entries(groups).map(([name, packages]) => `${name} ${packages.join(' ')}\n`);
  await run(['sh', '/srv/split-userland', tree, into, rest], {input: lines.join('')});
}

/** Moves files, not folders: folders that a group's files are in are made for it with the same mode. */
const split = `
set -e
tree=$1 into=$2 rest=$3
cd "$tree"
while read -r group packages; do
  for package in $packages; do
    cat var/lib/dpkg/info/$package.list var/lib/dpkg/info/$package:*.list 2>/dev/null || :
  done | sed 's#^/##' | sort -u > "$into.list"
  while read -r file; do
    # a path below a link to a folder is the folder's: bin/sh is usr/bin/sh
    if [ -L "$file" ] || [ -f "$file" ]; then
      echo "$(realpath --relative-to=. "$(dirname "$file")")/$(basename "$file")"
    fi
  done < "$into.list" | sed 's#^\\./##' | sort -u > "$into.files"
  mkdir -p "$into/$group"
  tar --create --no-recursion --numeric-owner --files-from="$into.files" | tar --extract --directory="$into/$group" --numeric-owner -p
  xargs -d '\\n' -r rm -f < "$into.files"
done
rm -f "$into.list" "$into.files"
rm -rf var/lib/dpkg var/lib/apt var/cache/apt etc/apt usr/lib/apt etc/dpkg usr/share/dpkg
mv "$tree" "$into/$rest"
`;
