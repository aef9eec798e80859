// Lines of a kill's receipt.
import type { KillItem } from '../../contract/events.ts';
import type { Clock } from '../clock.ts';

const pollMs = 100;
const stepTimeoutMs = 10_000;

/** Builds one line; `id` is unique within its kind. */
export function killItem(
  kind: KillItem['kind'],
  id: string,
  label: string,
  state: KillItem['state'],
  detail: string,
): KillItem {
  return { id: `${kind}:${id}`, kind, label, state, detail };
}

/** Repeats until `step` says it is done or the time is up. */
export async function pollUntil(clock: Clock, step: () => Promise<boolean>): Promise<void> {
  const until = clock.monotonicMs() + stepTimeoutMs;
  while (!(await step()) && clock.monotonicMs() < until) {
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}
