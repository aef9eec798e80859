// Whether a pointer is at work over rows, so that they must not move under it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface PointerHold {
  readonly held: boolean;
  readonly start: () => void;
  readonly end: () => void;
}

/** Holds from `start`, renewed by each further one, to `end`, or until `restMs` have passed; without it, to `end` alone. */
export function usePointerHold(restMs?: number): PointerHold {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const end = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(false);
  }, []);
  const start = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(true);
    if (restMs !== undefined) timer.current = setTimeout(() => setHeld(false), restMs);
  }, [restMs]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useMemo(() => ({ held, start, end }), [held, start, end]);
}
