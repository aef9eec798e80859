// What regulators take of a sale. Brokers without commission pass it on; a paper account leaves it out.
import type { FillProfile } from '../../contract/market.ts';
import { notionalMicros } from '../../contract/money.ts';
import type { Side } from './exchange.ts';

/** The SEC's fee under section 31, dollars a million sold: the rate from 2024-05-22; later ones were lower. */
const SEC_MILLIONTHS_TENTHS = 278n;
/** FINRA's trading activity fee: the rate from 2024-01-01, micros a share, and the most that one execution costs. */
const TAF_MICROS = 166n;
const TAF_MOST_MICROS = 8_300_000;

/** The fees of a fill profile: none on paper. */
export function feesOf(fills: FillProfile): typeof regulatoryFeesMicros {
  return fills === 'realistic' ? regulatoryFeesMicros : () => 0;
}

/** Fees of one execution in micros, rounded up; purchases have none. */
export function regulatoryFeesMicros(side: Side, qtyNanos: number, priceTicks: number): number {
  if (side === 'buy') return 0;
  const sec = ceilDiv(BigInt(notionalMicros(qtyNanos, priceTicks)) * SEC_MILLIONTHS_TENTHS, 10_000_000n);
  const taf = ceilDiv(BigInt(qtyNanos) * TAF_MICROS, 1_000_000_000n);
  return sec + Math.min(taf, TAF_MOST_MICROS);
}

function ceilDiv(value: bigint, by: bigint): number {
  return Number((value + by - 1n) / by);
}
