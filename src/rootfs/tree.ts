import {Writable} from 'node:stream';
import {Failure} from '../failure.ts';
import type {CommandOptions, CommandResult} from '../host/command.ts';
import {ustar} from '../image/ustar.ts';
import type {Rootfs} from '../recipe/rootfs.ts';

/** Runs commands chrooted into a tree; an exit code other than 0 is the caller's to judge. */
export type Chroot = (argv: readonly string[], options?: CommandOptions) => Promise<CommandResult>;

/** The exit code that stands for a file that is not there. */
const absent = 44;

/**
 * A tree from something that runs commands in it; `mtime` (Unix seconds) is that of files written. Where commands
 * see more than the tree, /dev and /proc mounted over it, `bare` runs those that read, write and remove files.
 */
export function treeOf(chroot: Chroot, mtime: () => number, bare: Chroot = chroot): Rootfs {
  const checked = async (enter: Chroot, argv: readonly string[], options?: CommandOptions) => {
    const result = await enter(argv, options);
    if (result.exitCode === 0) return result.stdout;
    const {lastLines} = result;
    throw new Failure(`${argv.join(' ')} failed with exit code ${result.exitCode ?? 'none'}`, {lastLines});
  };

  return {
    run: (argv, options) => checked(chroot, argv, options),

    async succeeds(argv, options) {
      return (await chroot(argv, options)).exitCode === 0;
    },

    async read(path) {
      const chunks: Uint8Array[] = [];
      const sink = new Writable({
        write(chunk: Uint8Array, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      const script = `[ -e "$0" ] || exit ${absent}; exec cat "$0"`;
      const {exitCode, lastLines} = await bare(['sh', '-c', script, path], {sink});
      if (exitCode === absent) return undefined;
      if (exitCode !== 0) throw new Failure(`cannot read ${path}`, {lastLines});
      return Buffer.concat(chunks).toString('utf8');
    },

    async write(entries) {
      await checked(bare, ['tar', '-x', '-f', '-', '-C', '/', '--numeric-owner'], {
        input: ustar(entries, mtime()),
      });
    },

    async remove(...paths) {
      // paths may be globs, but a space in one does not end it
      const script = `IFS=; for path; do
        case $path in
          */\\*) [ ! -d "\${path%/*}" ] || find "\${path%/*}" -mindepth 1 -delete ;;
          *) rm -rf -- $path ;;
        esac
      done`;
      await checked(bare, ['sh', '-c', script, 'remove', ...paths]);
    },
  };
}
