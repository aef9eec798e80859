// What the desk needs of a sandbox provider, in the desk's own words. The e2b adapter implements it for local and cloud alike.

export interface CreateRequest {
  readonly template: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The lease: the provider itself ends the sandbox after this, even if we are gone. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a watched process came to its end, as far as the stream tells. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** The stream broke; the process may still run. */
  | { readonly kind: 'stream-lost'; readonly reason: string };

export interface ProviderProcess {
  readonly pid: number;
  write(text: string): Promise<void>;
  /** Stops watching; the process goes on. */
  detach(): Promise<void>;
  readonly ended: Promise<ProcessEnd>;
}

export interface ProviderSandbox {
  readonly sandboxId: string;
  upload(path: string, content: ArrayBuffer): Promise<void>;
  /** Runs to the end. A non-zero exit is a result, not an error. */
  exec(command: string): Promise<CommandResult>;
  /** Starts in the background without a time limit. */
  start(command: string, onStdout: (text: string) => void): Promise<ProviderProcess>;
  /** Watches a running process again; nothing that was missed is replayed. */
  attach(pid: number, onStdout: (text: string) => void): Promise<ProviderProcess>;
  /** Makes the sandbox live for this long from now. */
  extend(timeoutMs: number): Promise<void>;
  isAlive(): Promise<boolean>;
}

export interface SandboxProvider {
  readonly name: 'local' | 'e2b';
  create(request: CreateRequest): Promise<ProviderSandbox>;
  /** Ids of the sandboxes that carry this metadata. */
  list(metadata: Readonly<Record<string, string>>): Promise<string[]>;
  /** False when the provider no longer knows it. */
  kill(sandboxId: string): Promise<boolean>;
}
