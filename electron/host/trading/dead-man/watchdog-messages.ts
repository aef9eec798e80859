// What the host and its watchdog thread tell each other, and the memory that they share.
import { z } from 'zod';
import { RestingOrder } from '../../../contract/dead-man-events.ts';
import { Mode } from '../../../contract/names.ts';

/** The account whose orders are cancelled; the keys stay in the process. */
const WatchedAccount = z.object({
  mode: Mode,
  keys: z.object({ keyId: z.string(), secret: z.string() }),
  loopback: z
    .object({ brokerUrl: z.string(), dataStreamUrl: z.string(), tradingStreamUrl: z.string() })
    .nullable(),
});
export type WatchedAccount = z.infer<typeof WatchedAccount>;

/** Null forgets the account. */
export const ToWatchdog = z.object({ account: WatchedAccount.nullable() });
export type ToWatchdog = z.infer<typeof ToWatchdog>;

export const WatchdogReport = z.object({
  /** Names the lease that ran out: its end on the monotonic clock, in decimal. */
  lease: z.string(),
  orders: z.array(RestingOrder),
  confirmed: z.boolean(),
  failure: z.string().nullable(),
  /** From the end of the lease. */
  tookMs: z.number(),
});
export type WatchdogReport = z.infer<typeof WatchdogReport>;

/** The lease ran out and the watchdog has begun; or it has finished. */
export const FromWatchdog = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fired'), lease: z.string() }),
  WatchdogReport.extend({ kind: z.literal('finished') }),
]);
export type FromWatchdog = z.infer<typeof FromWatchdog>;

/** Places in the shared memory, each a 64-bit integer. Nanoseconds are of the machine's monotonic clock, which threads share. */
const cells = { endNs: 0, endWallMs: 1, beatNs: 2 } as const;

export interface SharedLease {
  /** Zero ends the lease without a firing. */
  setEnd(endNs: bigint, endWallMs: bigint): void;
  end(): { readonly ns: bigint; readonly wallMs: bigint } | null;
  beat(ns: bigint): void;
  lastBeat(): bigint | null;
}

export const sharedLeaseBytes = Object.keys(cells).length * BigInt64Array.BYTES_PER_ELEMENT;

/** Reads and writes the shared memory; both threads see each other's writes at once. */
export function shareLease(memory: SharedArrayBuffer): SharedLease {
  const values = new BigInt64Array(memory);
  return {
    setEnd(endNs, endWallMs) {
      Atomics.store(values, cells.endWallMs, endWallMs);
      Atomics.store(values, cells.endNs, endNs);
    },
    end() {
      const ns = Atomics.load(values, cells.endNs);
      return ns === 0n ? null : { ns, wallMs: Atomics.load(values, cells.endWallMs) };
    },
    beat: (ns) => void Atomics.store(values, cells.beatNs, ns),
    lastBeat() {
      const ns = Atomics.load(values, cells.beatNs);
      return ns === 0n ? null : ns;
    },
  };
}
