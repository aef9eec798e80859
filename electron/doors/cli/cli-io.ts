// What the command line needs of its surroundings, so that tests can run the whole program inside their own process.
import type { LocalResearch } from '../../host/local-research.ts';
import type { DeskPaths } from '../../host/paths.ts';
import type { LocalServicesConfig, LocalServicesReady } from '../../contract/local-services.ts';

export interface TextSink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal in characters; 80 where unknown. */
  readonly columns: number;
}

/** The terminal that this program runs in, for what takes every key. */
export interface RawTerminal {
  readonly size: { readonly cols: number; readonly rows: number };
  /** Takes the keyboard over, byte by byte, until the answer is called. */
  take(onBytes: (bytes: Uint8Array) => void, onResize: () => void): () => void;
  /** Resolves when the terminal has taken the bytes. */
  show(bytes: Uint8Array): Promise<void>;
}

interface RunningLocalServices {
  readonly ready: LocalServicesReady;
  /** Ends the sandboxes and the listeners. */
  close(): Promise<void>;
}

export interface CliIo {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Relative file names start here. */
  readonly cwd: string;
  readonly now: () => number;
  readonly version: string;
  /** Aborted by Ctrl-C and by a request to terminate. */
  readonly interrupt: AbortSignal;
  /** Asks a yes-or-no question; null when nobody is at a terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  /** Reads one line from standard input; at a terminal it asks for `what` and shows nothing of the answer. */
  readonly readSecret: (what: string) => Promise<string>;
  /** Null when stdin or stdout is no terminal. */
  readonly rawTerminal: RawTerminal | null;
  /** The headless host's entry, started by `up`. */
  readonly daemonPath: string;
  /** Starts the local services inside this process, for `local`. */
  readonly startLocalServices: (config: LocalServicesConfig) => Promise<RunningLocalServices>;
  /** Does research inside this process, where no host runs. */
  readonly openResearch: (paths: DeskPaths) => Promise<LocalResearch>;
}
