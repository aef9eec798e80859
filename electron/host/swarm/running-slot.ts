// A slot whose runner is linked and receives bars.
import type { ProviderSandbox } from '../sandboxes/provider.ts';
import type { RunnerLink } from '../sandboxes/runner-link.ts';

export interface RunningSlot {
  readonly sandbox: ProviderSandbox;
  readonly link: RunnerLink;
  readonly symbols: ReadonlySet<string>;
  /** Start of the last bar of each symbol that was sent live. */
  readonly lastSent: Map<string, number>;
  /** A successor decides from here on; no more bars are sent. */
  retired: boolean;
}
