// Turns the desk's integers into words for a terminal. The only place of the command line where they become decimals.
import { formatMetric } from '../../contract/format-metric.ts';
import { formatDecimal, MICROS_PER_USD, NANOS_PER_SHARE } from '../../contract/money.ts';

/** A cost: "$4.16", with four decimals below a dollar: "$0.0123". */
export function usd(micros: number): string {
  const amount = Math.abs(micros) / MICROS_PER_USD;
  return dollars(micros, amount !== 0 && amount < 1 ? 4 : 2);
}

/** Profit or loss with its sign, to the cent: "+$1.20". */
export function signedUsd(micros: number): string {
  return micros > 0 ? `+${dollars(micros, 2)}` : dollars(micros, 2);
}

function dollars(micros: number, digits: number): string {
  return `${micros < 0 ? '-' : ''}$${group((Math.abs(micros) / MICROS_PER_USD).toFixed(digits))}`;
}

/** "12 AAPL" long, "-12 AAPL" short; whole digits of the quantity are kept. */
export function position(symbol: string, qtyNanos: number): string {
  return `${shares(qtyNanos)} ${symbol}`;
}

export function shares(qtyNanos: number): string {
  return formatDecimal(qtyNanos, String(NANOS_PER_SHARE).length - 1);
}

/** Price per share with at least cents: "$171.225", "$171.20". */
export function price(ticks: number): string {
  const [whole = '0', fraction = ''] = formatDecimal(ticks, 4).split('.');
  return `$${group(whole)}.${fraction.padEnd(2, '0')}`;
}

/** "412 ms" or "2.45 s". What was never measured says so. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return 'not measured';
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** A span of wall time in its largest two units: "2 h 5 min", "9 min", "14 s". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "1 agent", "3 agents". */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : noun.endsWith('x') ? 'es' : 's'}`;
}

/** A metric in the words of its unit, with the minus that every figure of the command line has. */
export function metric(value: number | null, unit: string): string {
  return formatMetric(value, unit).replace('−', '-');
}

/** The UTC day: "2020-01-02". */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A share of one as a percentage; never rounds up to 100 %. */
export function percent(share: number | null): string {
  if (share === null) return 'not measured';
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}

/** Separates the thousands of a decimal's whole part. */
function group(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
