import type {CommandResult} from '../../host/command.ts';
import type {NetworkBackend} from '../../recipe/osctl.ts';

/** Runs a command in a container whose exit code is an answer. */
export type Ask = (command: readonly string[]) => Promise<CommandResult>;

/** What differs between the init systems that templates have. */
export interface InitSystem {
  readonly name: string;
  /** A folder that exists once this init system has taken over. */
  readonly mark: string;
  /** Waits for the end of the boot: its state in the init system's word; undefined while it cannot be asked yet. */
  settled(ask: Ask): Promise<string | undefined>;
  /** The state of a boot in which everything went well. */
  readonly healthy: string;
  /** What failed to start, with its last words. */
  failures(ask: Ask): Promise<string[]>;
  /** Errors in this boot's journal, and services that are started again and again. */
  problems(ask: Ask): Promise<string[]>;
  /** The end of the system's journal. */
  journal(ask: Ask): Promise<string[]>;
  /** The command that takes the network down and up again. */
  restartNetwork(backend: NetworkBackend): readonly string[] | undefined;
}
