// What the regulators take of trades, as Alpaca passes it on: added up over the day, rounded up to the cent by kind, and
// charged after the close (docs.alpaca.markets/docs/regulatory-fees). A paper account leaves it out.
import type { FillProfile } from '../../contract/market.ts';
import { MICROS_PER_USD, NANOS_PER_SHARE, notionalMicros } from '../../contract/money.ts';
import type { Execution } from './account-book.ts';
import type { FeeKind } from './account-events.ts';

export interface Fee {
  readonly kind: FeeKind;
  /** Whole cents, above 0. */
  readonly micros: number;
}

/** Fees of the executions of a day. */
export type FeesOf = (executions: readonly FeeBearing[]) => readonly Fee[];
export type FeeBearing = Pick<Execution, 'order' | 'qtyNanos' | 'priceTicks' | 'atMs'>;

/** The SEC's fee under section 31: tenths of a dollar a million sold (fee rate advisories of 2025-04-08 and 2026-02-27). */
const secRates = [
  { from: '2026-04-04', rate: 206n },
  { from: '2025-05-14', rate: 0n },
  { from: '0000-00-00', rate: 278n },
] as const;

/** FINRA's trading activity fee: nano-dollars a share sold, and the most that one execution costs (SR-FINRA-2024-019). */
const tafRates = [
  { from: '2028-01-01', rate: 240_000n, mostMicros: 12_050_000n },
  { from: '2027-01-01', rate: 232_000n, mostMicros: 11_610_000n },
  { from: '2026-01-01', rate: 195_000n, mostMicros: 9_790_000n },
  { from: '0000-00-00', rate: 166_000n, mostMicros: 8_300_000n },
] as const;

/** The consolidated audit trail's fee, bought or sold: nano-dollars a share begun, as Alpaca listed it for late 2025. */
const CAT_RATE = 26_500n;

const CENT_MICROS = BigInt(MICROS_PER_USD / 100);
const NANOS = BigInt(NANOS_PER_SHARE);

/** The fees of a fill profile: none on paper. */
export function feesOf(fills: FillProfile): FeesOf {
  return fills === 'realistic' ? regulatoryFees : () => [];
}

/** Adds up the fees of executions and rounds each kind up to the cent; those that come to nothing are left out. */
export function regulatoryFees(executions: readonly FeeBearing[]): readonly Fee[] {
  const sum = (of: (execution: FeeBearing) => bigint) =>
    executions.reduce((total, execution) => total + of(execution), 0n);
  const fees = [
    { kind: 'REG', micros: toCents(sum(secTenths), 10_000_000n) },
    { kind: 'TAF', micros: toCents(sum(tafParts), NANOS * 1_000n) },
    { kind: 'CAT', micros: toCents(sum(catNanos), 1_000n) },
  ] as const;
  return fees.filter(({ micros }) => micros > 0);
}

/** In ten-millionths of a micro-dollar. */
function secTenths({ order, qtyNanos, priceTicks, atMs }: FeeBearing): bigint {
  if (order.terms.side === 'buy') return 0n;
  return BigInt(notionalMicros(qtyNanos, priceTicks)) * rateAt(secRates, atMs).rate;
}

/** In billionths of a nano-dollar. */
function tafParts({ order, qtyNanos, atMs }: FeeBearing): bigint {
  if (order.terms.side === 'buy') return 0n;
  const { rate, mostMicros } = rateAt(tafRates, atMs);
  const parts = BigInt(qtyNanos) * rate;
  const most = mostMicros * 1_000n * NANOS;
  return parts < most ? parts : most;
}

/** In nano-dollars. */
function catNanos({ qtyNanos }: FeeBearing): bigint {
  return ((BigInt(qtyNanos) + NANOS - 1n) / NANOS) * CAT_RATE;
}

function rateAt<Rate extends { readonly from: string }>(rates: readonly Rate[], atMs: number): Rate {
  const day = new Date(atMs).toISOString().slice(0, 10);
  const found = rates.find(({ from }) => from <= day);
  if (!found) throw new Error(`no rate on ${day}`);
  return found;
}

/** `parts` of which so many make a micro-dollar, rounded up to the cent, in micros. */
function toCents(parts: bigint, partsPerMicro: bigint): number {
  const perCent = partsPerMicro * CENT_MICROS;
  return Number(((parts + perCent - 1n) / perCent) * CENT_MICROS);
}
