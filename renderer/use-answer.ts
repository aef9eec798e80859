// The answer of one request that is made when its component appears.
import { type Dispatch, type SetStateAction, useEffect, useEffectEvent, useState } from 'react';
import type { DeskError } from '../electron/contract/errors.ts';
import type { Call } from '../electron/contract/operations.ts';
import { useDeskClient } from './desk-context.tsx';
import { asDeskError } from './use-request.ts';

export interface Answer<T> {
  /** Null until the host has answered. */
  readonly value: T | null;
  readonly error: DeskError | null;
  /** Replaces the value by a newer one that another request gave back. */
  readonly setValue: Dispatch<SetStateAction<T | null>>;
}

/** Asks once; an answer that comes after the component has gone is dropped. */
export function useAnswer<T>(request: (call: Call) => Promise<T>): Answer<T> {
  const { call } = useDeskClient();
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<DeskError | null>(null);
  const ask = useEffectEvent(() => request(call));
  useEffect(() => {
    let closed = false;
    ask().then(
      (answer) => closed || setValue(() => answer),
      (cause: unknown) => closed || setError(asDeskError(cause)),
    );
    return () => {
      closed = true;
    };
  }, []);
  return { value, error, setValue };
}
