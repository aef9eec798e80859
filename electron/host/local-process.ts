// The local services as the host sees them: a child process with a message channel. Electron and Node start it differently.
import type { ToLocalServices } from '../contract/local-services.ts';

export interface LocalChild {
  readonly pid: number | undefined;
  send(message: ToLocalServices): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export type StartLocalChild = () => LocalChild;
