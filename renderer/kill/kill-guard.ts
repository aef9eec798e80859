// The first half of a kill: opening the sheet blocks new entries at once, closing it takes back only its own block.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeskError } from '../../electron/contract/errors.ts';
import type { DeskClient } from '../desk-context.tsx';
import { asDeskError } from '../use-request.ts';

interface KillGuardState {
  readonly open: boolean;
  /** This sheet asked for the block, so closing the sheet takes it back. */
  readonly ownsBlock: boolean;
  /** Why the block, or its removal, failed. */
  readonly error: DeskError | null;
}

export interface KillGuard {
  readonly store: StoreApi<KillGuardState>;
  open(): void;
  close(): void;
  /** A kill has been asked for: from here on the block stays, whatever becomes of the kill. */
  keepBlock(): void;
}

export function createKillGuard(client: Pick<DeskClient, 'call' | 'store'>): KillGuard {
  const store = createStore<KillGuardState>(() => ({ open: false, ownsBlock: false, error: null }));
  // Serial, so that a quick Escape cannot let the removal overtake the block.
  let work: Promise<void> = Promise.resolve();

  function enqueue(action: () => Promise<unknown>): void {
    work = work.then(action).then(
      () => undefined,
      (cause: unknown) => store.setState({ error: asDeskError(cause) }),
    );
  }

  function mayUnblock(): boolean {
    const { entries } = client.store.getState().state;
    if (entries.kind === 'latched') return false;
    return !(entries.kind === 'blocked' && entries.actor !== 'window');
  }

  return {
    store,
    open() {
      if (store.getState().open) return;
      const ownsBlock = client.store.getState().state.entries.kind === 'open';
      store.setState({ open: true, ownsBlock, error: null });
      if (ownsBlock) enqueue(() => client.call('swarm.block', { reason: 'the kill sheet was opened' }));
    },
    close() {
      const { ownsBlock } = store.getState();
      store.setState({ open: false, ownsBlock: false });
      if (ownsBlock) enqueue(async () => (mayUnblock() ? client.call('swarm.unblock', {}) : undefined));
    },
    keepBlock: () => store.setState({ ownsBlock: false }),
  };
}
