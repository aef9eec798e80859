// Both versions of what differs between the desk's record and the broker's account, in words.
import { formatDecimal } from './money.ts';
import type { DifferingCash, DifferingPosition } from './order-events.ts';

/** One line for each position that differs, and one for the cash. */
export function differenceLines(differences: {
  readonly positions: readonly DifferingPosition[];
  readonly cash: DifferingCash | null;
}): string[] {
  const { positions, cash } = differences;
  return [
    ...positions.map(
      ({ symbol, oursNanos, theirsNanos }) =>
        `${symbol}: the desk counted ${formatDecimal(oursNanos, 9)}, the broker holds ${formatDecimal(theirsNanos, 9)}`,
    ),
    ...(cash
      ? [`cash: the desk counted ${dollars(cash.oursMicros)}, the broker shows ${dollars(cash.theirsMicros)}`]
      : []),
  ];
}

function dollars(micros: number): string {
  return `${micros < 0 ? '-' : ''}$${formatDecimal(Math.abs(micros), 6)}`;
}
