// Every number on the screen goes through here. "–" is unknown, "n/m" is not measured, "0" is zero.
import { MICROS_PER_USD, NANOS_PER_SHARE, TICKS_PER_USD } from '../electron/contract/money.ts';

export const unknown = '–';
export const notMeasured = 'n/m';

/** A P95 of fewer, or a P99 of fewer, is little more than the maximum. */
export const neededSamples = { p50: 1, p95: 20, p99: 100 } as const;

const locale = 'en-US';
const usd = (decimals: number, signDisplay: 'auto' | 'exceptZero' = 'auto'): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay,
  });
const cents = usd(2);
const fine = usd(4);
const whole = usd(0);
const signedCents = usd(2, 'exceptZero');
const signedFine = usd(4, 'exceptZero');
const price = new Intl.NumberFormat(locale, {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
});
const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const shares = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 });
const signedShares = new Intl.NumberFormat(locale, { maximumFractionDigits: 9, signDisplay: 'exceptZero' });

const minus = (text: string): string => text.replace('-', '−');
const isNumber = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** A total in dollars and cents, "$1,284.12". */
export function money(micros: number | null | undefined): string {
  return isNumber(micros) ? minus(cents.format(micros / MICROS_PER_USD)) : unknown;
}

/** Infrastructure cost: cents, or four decimals below ten cents where cents would hide it. */
export function infraCost(micros: number | null | undefined): string {
  if (!isNumber(micros)) return unknown;
  if (micros === 0) return '$0.00';
  return Math.abs(micros) < MICROS_PER_USD / 10 ? minus(fine.format(micros / MICROS_PER_USD)) : money(micros);
}

/** A cost of one agent: always four decimals, so that a column of them lines up. */
export function fineCost(micros: number | null | undefined): string {
  return isNumber(micros) ? minus(fine.format(micros / MICROS_PER_USD)) : unknown;
}

/** A rate, "$0.1867/h". */
export function perHour(micros: number | null | undefined): string {
  return isNumber(micros) ? `${fineCost(micros)}/h` : unknown;
}

/** Whole dollars, for limits and exposures. */
export function wholeMoney(micros: number | null | undefined): string {
  return isNumber(micros) ? minus(whole.format(micros / MICROS_PER_USD)) : unknown;
}

/** Profit or loss: always signed, except zero. */
export function pnl(micros: number | null | undefined): string {
  return isNumber(micros) ? minus(signedCents.format(micros / MICROS_PER_USD)) : unknown;
}

/** A cost as part of a PnL: signed, with the decimals of `infraCost`. */
export function signedCost(micros: number | null | undefined): string {
  if (!isNumber(micros)) return unknown;
  const small = Math.abs(micros) < MICROS_PER_USD / 10 && micros !== 0;
  return minus((small ? signedFine : signedCents).format(micros / MICROS_PER_USD));
}

/** A price, two to four decimals. */
export function priceOf(ticks: number | null | undefined): string {
  return isNumber(ticks) ? price.format(ticks / TICKS_PER_USD) : unknown;
}

export function quantity(nanos: number | null | undefined): string {
  return isNumber(nanos) ? minus(shares.format(nanos / NANOS_PER_SHARE)) : unknown;
}

/** A position or target: signed, except zero. */
export function signedQuantity(nanos: number | null | undefined): string {
  return isNumber(nanos) ? minus(signedShares.format(nanos / NANOS_PER_SHARE)) : unknown;
}

export function count(value: number | null | undefined): string {
  return isNumber(value) ? minus(integer.format(value)) : unknown;
}

/** "1 agent", "3 agents", "2 entries" with the plural given. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** Milliseconds without the unit, for columns that name it; above 9,999 in seconds, with it. */
export function milliseconds(ms: number | null | undefined): string {
  if (!isNumber(ms)) return unknown;
  if (ms >= 9_999.5) return `${tenth.format(ms / 1_000)} s`;
  return ms < 9.95 ? tenth.format(ms) : integer.format(ms);
}

/** A span between two readings of the wall clock, which counts whole milliseconds: "3 ms", "412 ms", "12.4 s"; "n/m" when not measured. */
export function wallSpan(ms: number | null): string {
  if (ms === null) return notMeasured;
  return ms >= 9_999.5 ? latency(ms) : `${count(ms)} ms`;
}

/** "2.4 ms", "3,980 ms", "12.4 s". */
export function latency(ms: number | null | undefined): string {
  const text = milliseconds(ms);
  return text === unknown || text.endsWith('s') ? text : `${text} ms`;
}

/** A percentile with the sample rule applied: "n/m" without samples, "n/a (n=12)" with too few. */
export function percentile(ms: number | null, n: number, which: keyof typeof neededSamples): string {
  if (n === 0) return notMeasured;
  return ms === null || n < neededSamples[which] ? `n/a (n=${count(n)})` : milliseconds(ms);
}

/** A share 0..1 as percent with one decimal, or as many as given. */
export function percent(share: number | null | undefined, decimals = 1): string {
  return isNumber(share) ? `${minus((share * 100).toFixed(decimals))} %` : unknown;
}

/** "8s", "12m 5s", "10m", "2h 14m", "3d 4h". Negative spans count as none. */
export function duration(ms: number | null | undefined): string {
  if (!isNumber(ms)) return unknown;
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return twoUnits(minutes, 'm', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return twoUnits(hours, 'h', minutes % 60, 'm');
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}

/** How old something is: tenths below ten seconds, then as a duration. */
export function age(ms: number | null | undefined): string {
  if (!isNumber(ms)) return unknown;
  return ms < 9_950 ? `${tenth.format(Math.max(0, ms) / 1_000)}s` : duration(ms);
}
