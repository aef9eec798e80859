// The first half of a kill: opening the sheet on everything blocks new entries at once, closing it takes back only its own
// block. A narrower scope leaves the others to trade: there the kill itself is the block.
import { createContext, use } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeskError } from '../../electron/contract/errors.ts';
import { isWide, type KillScope } from '../../electron/contract/kill-scope.ts';
import type { DeskClient } from '../desk-context.tsx';
import { asDeskError } from '../use-request.ts';

interface KillGuardState {
  readonly open: boolean;
  /** What the sheet is about. */
  readonly scope: KillScope;
  /** This sheet asked for the block, so closing the sheet takes it back. */
  readonly ownsBlock: boolean;
  /** Why the block, or its removal, failed. */
  readonly error: DeskError | null;
}

export interface KillGuard {
  readonly store: StoreApi<KillGuardState>;
  open(scope?: KillScope): void;
  /** Turns the open sheet to another scope. */
  choose(scope: KillScope): void;
  close(): void;
  /** A kill has been asked for: from here on the block stays, whatever becomes of the kill. */
  keepBlock(): void;
}

export function createKillGuard(client: Pick<DeskClient, 'call' | 'store'>): KillGuard {
  const store = createStore<KillGuardState>(() => ({
    open: false,
    scope: 'all',
    ownsBlock: false,
    error: null,
  }));
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

  function block(): void {
    const { ownsBlock } = store.getState();
    if (ownsBlock || client.store.getState().state.entries.kind !== 'open') return;
    store.setState({ ownsBlock: true });
    enqueue(() => client.call('swarm.block', { reason: 'the kill sheet was opened' }));
  }

  function takeBack(): void {
    const { ownsBlock } = store.getState();
    store.setState({ ownsBlock: false });
    if (ownsBlock) enqueue(async () => (mayUnblock() ? client.call('swarm.unblock', {}) : undefined));
  }

  return {
    store,
    open(scope = 'all') {
      if (store.getState().open) return;
      store.setState({ open: true, scope, ownsBlock: false, error: null });
      if (isWide(scope)) block();
    },
    choose(scope) {
      store.setState({ scope });
      if (isWide(scope)) block();
      else takeBack();
    },
    close() {
      store.setState({ open: false });
      takeBack();
    },
    keepBlock: () => store.setState({ ownsBlock: false }),
  };
}

export const KillGuardContext = createContext<KillGuard | null>(null);

/** The guard of the surrounding window; throws outside of one. */
export function useKillGuard(): KillGuard {
  const guard = use(KillGuardContext);
  if (!guard) throw new Error('A component that kills must be inside KillGuardContext');
  return guard;
}
