// Every risk limit: what it bounds, its unit and range, and how people read and write it.
import { z } from 'zod';
import { formatDecimal } from './money.ts';

/** What a limit counts. `digits`: a value is kept as an integer, this many decimals finer than people write it. */
const units = {
  usd: { digits: 6, word: 'USD' },
  shares: { digits: 9, word: 'shares' },
  percent: { digits: 2, word: '%' },
  seconds: { digits: 3, word: 's' },
  count: { digits: 0, word: '' },
  /** 1 allows, 0 forbids. */
  switch: { digits: 0, word: '1 or 0' },
} as const satisfies Record<string, { digits: number; word: string }>;
export const LimitUnit = z.enum(['usd', 'shares', 'percent', 'seconds', 'count', 'switch']);
export type LimitUnit = z.infer<typeof LimitUnit>;

interface LimitInfo {
  readonly unit: LimitUnit;
  /** In the unit as people write it, as are `max` and `default`. */
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly summary: string;
}

/** Every limit, in the order in which they are shown. The level comes before the dot. */
export const limitCatalogue = {
  'order.quantity': {
    unit: 'shares',
    min: 1,
    max: 1_000_000,
    default: 20_000,
    summary: 'Largest quantity of one order',
  },
  'order.notional': {
    unit: 'usd',
    min: 1,
    max: 100_000_000,
    default: 25_000,
    summary: 'Largest value of one order',
  },
  'order.collar': {
    unit: 'percent',
    min: 0.01,
    max: 50,
    default: 3,
    summary: 'Furthest price from the middle of the quote',
  },
  'order.quoteAge': {
    unit: 'seconds',
    min: 0.1,
    max: 600,
    default: 5,
    summary: 'Oldest quote that an order may be priced by',
  },
  'order.duplicateWindow': {
    unit: 'seconds',
    min: 0,
    max: 60,
    default: 0.5,
    summary: 'Shortest time between two equal orders in a row',
  },
  'agent.exposure': {
    unit: 'usd',
    min: 1,
    max: 100_000_000,
    default: 50_000,
    summary: "Largest value of one agent's positions",
  },
  'agent.dailyLoss': {
    unit: 'usd',
    min: 1,
    max: 10_000_000,
    default: 1_000,
    summary: 'Loss of a day at which an agent opens nothing more',
  },
  'strategy.exposure': {
    unit: 'usd',
    min: 1,
    max: 100_000_000,
    default: 150_000,
    summary: "Largest value of the positions of one strategy's agents",
  },
  'strategy.dailyLoss': {
    unit: 'usd',
    min: 1,
    max: 10_000_000,
    default: 3_000,
    summary: 'Loss of a day at which the agents of a strategy open nothing more',
  },
  'account.symbolPosition': {
    unit: 'usd',
    min: 1,
    max: 100_000_000,
    default: 50_000,
    summary: 'Largest value of the position in one symbol',
  },
  'account.grossExposure': {
    unit: 'usd',
    min: 1,
    max: 1_000_000_000,
    default: 200_000,
    summary: 'Largest value of all positions, long and short added',
  },
  'account.netExposure': {
    unit: 'usd',
    min: 1,
    max: 1_000_000_000,
    default: 200_000,
    summary: 'Largest difference between long and short positions',
  },
  'account.concentration': {
    unit: 'percent',
    min: 0.1,
    max: 400,
    default: 60,
    summary: 'Largest part of the equity in one symbol',
  },
  'account.openOrders': {
    unit: 'count',
    min: 1,
    max: 400,
    default: 100,
    summary: 'Most orders open at a time',
  },
  'account.ordersPerMinute': {
    unit: 'count',
    min: 1,
    max: 400,
    default: 180,
    summary: 'Most orders approved within a minute',
  },
  'account.shorting': {
    unit: 'switch',
    min: 0,
    max: 1,
    default: 1,
    summary: 'Whether positions may be short',
  },
  'account.dailyLoss': {
    unit: 'usd',
    min: 1,
    max: 100_000_000,
    default: 5_000,
    summary: 'Loss of a day at which the desk opens nothing more',
  },
  'account.drawdown': {
    unit: 'percent',
    min: 0.1,
    max: 100,
    default: 10,
    summary: 'Fall of the equity below its peak at which the desk opens nothing more',
  },
} as const satisfies Record<string, LimitInfo>;

export type LimitName = keyof typeof limitCatalogue;

export const isLimitName = (name: string): name is LimitName => Object.hasOwn(limitCatalogue, name);
export const limitNames = Object.keys(limitCatalogue).filter(isLimitName);
export const LimitName = z.enum(limitNames);

/** The integer of a limit that people write as `amount`. */
export function limitValue(name: LimitName, amount: number): number {
  return Math.round(amount * 10 ** units[limitCatalogue[name].unit].digits);
}

/** What people write for the integer of a limit, with its unit, for example "25000 USD". */
export function limitWords(name: LimitName, value: number): string {
  const { digits, word } = units[limitCatalogue[name].unit];
  return `${formatDecimal(value, digits)} ${word}`.trim();
}

/** "1 to 400", "0.01 to 50 %". */
export function limitRange(name: LimitName): string {
  const { unit, min, max } = limitCatalogue[name];
  return unit === 'switch' ? '1 or 0' : `${min} to ${max} ${units[unit].word}`.trim();
}

/** Why an amount is no value of the limit; null when it is one. */
export function limitRefusal(name: LimitName, amount: number): string | null {
  const { unit, min, max } = limitCatalogue[name];
  const { digits } = units[unit];
  if (!(amount >= min && amount <= max)) return `must be ${limitRange(name)}, not ${amount}`;
  const exact = Math.abs(limitValue(name, amount) / 10 ** digits - amount) < 10 ** -(digits + 3);
  if (exact) return null;
  return digits === 0 ? 'must be a whole number' : `takes at most ${digits} decimals`;
}

/** The amount that people write for the integer of a limit. */
export function limitAmount(name: LimitName, value: number): number {
  return value / 10 ** units[limitCatalogue[name].unit].digits;
}
