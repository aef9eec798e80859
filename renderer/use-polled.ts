// Values that the feed does not carry, asked for again and again while somebody can see them.
import { useEffect, useEffectEvent, useState } from 'react';
import type { DeskError } from '../electron/contract/errors.ts';
import type { OperationName } from '../electron/contract/operations.ts';
import type { OperationInput, OperationOutput } from './bridge.ts';
import { useDeskClient } from './desk-context.tsx';
import { asDeskError } from './use-request.ts';

export interface Polled<T> {
  /** The newest answer; kept when a later request fails. */
  readonly value: T | null;
  readonly error: DeskError | null;
}

/** Calls a reading operation at once and then every `everyMs` after its answer, except while the window is hidden. */
export function usePolled<N extends OperationName>(
  name: N,
  input: OperationInput<N>,
  everyMs: number,
): Polled<OperationOutput<N>> {
  const { call } = useDeskClient();
  const key = JSON.stringify(input);
  const [polled, setPolled] = useState<Polled<OperationOutput<N>> & { readonly key: string }>({
    key,
    value: null,
    error: null,
  });
  const ask = useEffectEvent(() => call(name, input));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const controller = new AbortController();
    const { signal } = controller;
    async function poll(): Promise<void> {
      if (document.visibilityState === 'visible') {
        try {
          const value = await ask();
          if (!signal.aborted) setPolled({ key, value, error: null });
        } catch (cause) {
          if (!signal.aborted) setPolled((before) => ({ ...before, key, error: asDeskError(cause) }));
        }
      }
      if (!signal.aborted) timer = setTimeout(() => void poll(), everyMs);
    }
    void poll();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
    // `key` stands for `input`, which is a new object on each render.
  }, [name, key, everyMs]);
  return polled.key === key ? polled : { value: null, error: null };
}
