import {randomUUID} from 'node:crypto';
import {Writable} from 'node:stream';
import {Failure} from '../failure.ts';
import type {CommandOptions, CommandResult} from '../host/command.ts';
import {gnuTar} from '../image/gnu-tar.ts';
import type {Rootfs, RunOptions} from '../recipe/rootfs.ts';

/** Runs commands chrooted into a tree; an exit code other than 0 is the caller's to judge. */
export type Chroot = (
  argv: readonly string[],
  options?: CommandOptions & Pick<RunOptions, 'onLine'>,
) => Promise<CommandResult>;

/** The exit codes that stand for a file that is not there, and for something that is no plain file. */
const absent = 44;
const notPlain = 45;

/** Bytes that are read at once: a file in a tree may be of any length. */
const longest = 32 * 2 ** 20;

const unpack = ['tar', '-x', '-f', '-', '-C', '/', '--numeric-owner'];

/** Unpacks those of the named files that are not there yet or that their owner may write to. */
const unpackWritable = `for file; do
  shift
  [ -e "/$file" ] && [ -n "$(find "/$file" -maxdepth 0 ! -perm -200)" ] || set -- "$@" "$file"
done
[ $# -gt 0 ] || exec cat >/dev/null
exec ${unpack.join(' ')} "$@"`;

/** Says what is at each path, each answer after the line that is its first argument. */
const lookAt = `boundary=$1
shift
for path; do
  printf '\\n%s\\n' "$boundary"
  if [ -d "$path" ]; then printf folder
  elif [ -f "$path" ]; then echo file && cat "$path" || exit
  elif [ -e "$path" ]; then echo "$path is no plain file" >&2; exit 1
  fi
done`;

/**
 * A tree from something that runs commands in it; `mtime` (Unix seconds) is that of files written. Where commands
 * see more than the tree, /dev and /proc mounted over it, `bare` runs those that read, write and remove files.
 */
export function treeOf(chroot: Chroot, mtime: () => number, bare: Chroot = chroot): Rootfs {
  const checked = async (enter: Chroot, argv: readonly string[], options?: CommandOptions) => {
    const result = await enter(argv, options);
    if (result.exitCode === 0) return result.stdout;
    const {lastLines} = result;
    const title = options?.title ?? argv.join(' ');
    throw new Failure(`${title} failed with exit code ${result.exitCode ?? 'none'}`, {lastLines});
  };

  /** What a command prints of files, and how it ended. */
  const printed = async (argv: readonly string[], paths: readonly string[]) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const sink = new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        chunks.push(chunk);
        bytes += chunk.length;
        const tooMuch = new Failure(`cannot read ${paths.join(', ')}: more than ${longest / 2 ** 20} MiB`);
        done(bytes > longest ? tooMuch : null);
      },
    });
    const {exitCode, lastLines} = await bare(argv, {sink});
    return {exitCode, lastLines, text: Buffer.concat(chunks).toString('utf8')};
  };

  return {
    run: (argv, options) => checked(chroot, argv, options),

    async succeeds(argv, options) {
      return (await chroot(argv, options)).exitCode === 0;
    },

    async read(path) {
      const script = `[ -e "$0" ] || exit ${absent}; [ -f "$0" ] || exit ${notPlain}; exec cat "$0"`;
      const {exitCode, lastLines, text} = await printed(['sh', '-c', script, path], [path]);
      if (exitCode === absent) return undefined;
      if (exitCode === notPlain) throw new Failure(`cannot read ${path}: it is no plain file`);
      if (exitCode !== 0) throw new Failure(`cannot read ${path}`, {lastLines});
      return text;
    },

    async look(...paths) {
      const boundary = randomUUID();
      const {exitCode, lastLines, text} = await printed(
        ['sh', '-c', lookAt, 'look', boundary, ...paths],
        paths,
      );
      if (exitCode !== 0) throw new Failure(`cannot read ${paths.join(', ')}`, {lastLines});
      const answers = text.split(`\n${boundary}\n`).slice(1);
      return answers.map((answer) => {
        if (answer === 'folder') return {directory: true};
        return answer === '' ? undefined : {content: answer.slice('file\n'.length)};
      });
    },

    async write(entries, {keepReadOnly = false} = {}) {
      const all = [...entries];
      const paths = all.map(({path}) => path.replace(/^\/+/, ''));
      const command = keepReadOnly ? ['sh', '-c', unpackWritable, 'write', ...paths] : unpack;
      await checked(bare, command, {input: gnuTar(all, mtime()), title: unpack.join(' ')});
    },

    async remove(...paths) {
      // paths may be globs, but a space in one does not end it
      const script = `IFS=; for path; do
        case $path in
          */\\*) [ ! -d "\${path%/*}" ] || find "\${path%/*}/" -mindepth 1 -delete ;;
          *) rm -rf -- $path ;;
        esac
      done`;
      await checked(bare, ['sh', '-c', script, 'remove', ...paths]);
    },
  };
}
