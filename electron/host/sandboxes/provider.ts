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
  /** Watches a running process again; nothing that was missed is replayed. Rejects with PROCESS_NOT_FOUND once it has ended. */
  attach(pid: number, onStdout: (text: string) => void): Promise<ProviderProcess>;
  /** Makes the sandbox live for this long from now. */
  extend(timeoutMs: number): Promise<void>;
  isAlive(): Promise<boolean>;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly sizeBytes: number;
  readonly modifiedAt: number | null;
}

export interface LoadSample {
  readonly at: number;
  readonly cpuUsedPct: number;
  readonly cpuCount: number;
  readonly memoryUsedBytes: number;
  readonly memoryTotalBytes: number;
  readonly diskUsedBytes: number;
  readonly diskTotalBytes: number;
}

/** A shell command's result with bounded output. */
export interface BoundedResult extends CommandResult {
  /** It wrote more than the limit and was ended. */
  readonly truncated: boolean;
}

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** An interactive shell behind a pseudo terminal. */
export interface ProviderTerminal {
  write(bytes: Uint8Array): Promise<void>;
  resize(size: TerminalSize): Promise<void>;
  /** Ends the shell. */
  kill(): Promise<void>;
  readonly ended: Promise<ProcessEnd>;
}

/** A sandbox with everything the fleet and the operator do to it. */
export interface FleetSandbox extends ProviderSandbox {
  /** Runs to the end or the limits. Rejects with TIMED_OUT. */
  run(command: string, limits: { timeoutMs: number; outputChars: number }): Promise<BoundedResult>;
  /** Rejects with FILE_NOT_FOUND. */
  listFiles(path: string): Promise<FileEntry[]>;
  /** Size in bytes. Rejects with FILE_NOT_FOUND, also for a directory. */
  fileSize(path: string): Promise<number>;
  readFile(path: string): Promise<Uint8Array>;
  /** Empty when nothing is measured. */
  metrics(): Promise<LoadSample[]>;
  /** Starts a shell without a time limit; the bytes of one call belong to the receiver. */
  openTerminal(size: TerminalSize, onData: (bytes: Uint8Array) => void): Promise<ProviderTerminal>;
  /** Stops running and billing; files and memory stay. Rejects with POOL_UNAVAILABLE where that cannot be done. */
  pause(): Promise<void>;
}

export interface ListedSandbox {
  readonly sandboxId: string;
  readonly state: 'running' | 'paused';
  readonly metadata: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly endAt: number;
}

export interface ListedTemplate {
  readonly templateId: string;
  readonly names: readonly string[];
  readonly cpuCount: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly createdAt: number;
}

/** A template with one program in its home. */
export interface TemplateRequest {
  readonly name: string;
  readonly cpuCount: number;
  readonly memoryMb: number;
  /** `check` is run in the home; the build fails when it does. */
  readonly file: { readonly name: string; readonly content: ArrayBuffer; readonly check: string };
  readonly signal: AbortSignal;
}

export interface TemplateLibrary {
  list(): Promise<ListedTemplate[]>;
  /** Resolves with the id once sandboxes can be made from it. Rejects with SANDBOX_UNAVAILABLE or CANCELLED. */
  build(request: TemplateRequest): Promise<string>;
}

export interface SandboxProvider {
  readonly name: 'local' | 'e2b';
  readonly templates: TemplateLibrary;
  /** Rejects with TEMPLATE_NOT_FOUND, RATE_LIMITED, QUOTA_EXCEEDED or SANDBOX_UNAVAILABLE. */
  create(request: CreateRequest): Promise<FleetSandbox>;
  /** Reaches a sandbox that exists; a paused one runs again. It then lives for `timeoutMs` at least. */
  connect(sandboxId: string, timeoutMs: number): Promise<FleetSandbox>;
  /** Running and paused sandboxes that carry this metadata. */
  list(metadata: Readonly<Record<string, string>>): Promise<ListedSandbox[]>;
  /** False when the provider no longer knows it. */
  kill(sandboxId: string): Promise<boolean>;
}
