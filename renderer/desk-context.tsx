// Gives the components the replica and the typed call; the only way in which a screen reaches the host.
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Call } from '../electron/contract/operations.ts';
import type { ReplicaStore, WindowReplica } from './replica.ts';

export interface DeskClient {
  readonly store: ReplicaStore;
  readonly call: Call;
  readonly now: () => number;
}

const DeskContext = createContext<DeskClient | null>(null);

export function DeskProvider(props: { readonly client: DeskClient; readonly children: ReactNode }) {
  return <DeskContext value={props.client}>{props.children}</DeskContext>;
}

/** The client of the surrounding DeskProvider; throws outside of one. */
export function useDeskClient(): DeskClient {
  const client = use(DeskContext);
  if (!client) throw new Error('A component that reads the desk must be inside DeskProvider');
  return client;
}

/** Reads from the replica; the selector must return a primitive or a reference that the replica holds. */
export function useDesk<T>(selector: (replica: WindowReplica) => T): T {
  return useStore(useDeskClient().store, selector);
}

/** The time, renewed every `everyMs`. */
export function useNow(everyMs = 1_000): number {
  const { now } = useDeskClient();
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return at;
}
