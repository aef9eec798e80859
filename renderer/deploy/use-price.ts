// Prices the draft while it is typed: debounced, and only the newest answer counts.
import { useEffect, useEffectEvent, useState } from 'react';
import type { DeskError } from '../../electron/contract/errors.ts';
import type { OperationOutput } from '../bridge.ts';
import { useDeskClient } from '../desk-context.tsx';
import { asDeskError } from '../use-request.ts';
import type { ParsedDraft } from './deploy-draft.ts';

export type DeployPrice = OperationOutput<'swarm.preview'>;

export interface PriceState {
  /** The last price; kept, and marked as old, while the next is asked for. */
  readonly price: DeployPrice | null;
  /** True when `price` belongs to the draft as it is now. */
  readonly current: boolean;
  readonly error: DeskError | null;
}

const debounceMs = 200;

export function usePrice(parsed: ParsedDraft): PriceState {
  const { call } = useDeskClient();
  const key = parsed.ok ? parsed.key : null;
  const [answer, setAnswer] = useState<{
    readonly key: string | null;
    readonly price: DeployPrice | null;
    readonly error: DeskError | null;
  }>({ key: null, price: null, error: null });
  const ask = useEffectEvent((isReplaced: () => boolean) => {
    if (!parsed.ok) return;
    call('swarm.preview', parsed.input).then(
      (price) => isReplaced() || setAnswer({ key, price, error: null }),
      (cause: unknown) =>
        isReplaced() || setAnswer((last) => ({ key, price: last.price, error: asDeskError(cause) })),
    );
  });
  // `key` stands for `parsed`, which is a new object on each render.
  useEffect(() => {
    let replaced = false;
    const timer = setTimeout(() => ask(() => replaced), debounceMs);
    return () => {
      replaced = true;
      clearTimeout(timer);
    };
  }, [key]);
  const current = key !== null && answer.key === key;
  return {
    price: answer.price,
    current: current && answer.error === null,
    error: current ? answer.error : null,
  };
}
