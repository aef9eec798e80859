import { describe, expect, test } from 'vitest';
import { loadNative } from '../../electron/native/load.ts';

const { SpendLedger } = loadNative();

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'nothing was thrown';
}

describe('spend ledger', () => {
  test('reserves, posts what was used and frees the rest', () => {
    const ledger = new SpendLedger(5_000_000, 250_000);
    expect(ledger.reserve('lease-1', 1_000_000, 'entry')).toEqual({
      accepted: true,
      availableMicros: 3_750_000,
    });
    expect(ledger.post('lease-1', 400_000)).toEqual({ postedMicros: 400_000, releasedMicros: 600_000 });
    expect(ledger.totals()).toEqual({
      budgetMicros: 5_000_000,
      exitReserveMicros: 250_000,
      postedMicros: 400_000,
      pendingMicros: 0,
      availableMicros: 4_350_000,
    });
  });

  test('keeps the exit reserve for winding down', () => {
    const ledger = new SpendLedger(1_000, 100);
    expect(ledger.reserve('swarm', 901, 'entry')).toEqual({ accepted: false, availableMicros: 900 });
    expect(ledger.reserve('swarm', 900, 'entry').accepted).toBe(true);
    expect(ledger.reserve('wind-down', 100, 'exit')).toEqual({ accepted: true, availableMicros: 0 });
  });

  test('adopts what was open and posted before a restart, whatever the budget', () => {
    const ledger = new SpendLedger(1_000, 100);
    ledger.restorePosted(950);
    ledger.restore('lease-1', 700);
    expect(ledger.totals()).toMatchObject({ postedMicros: 950, pendingMicros: 700, availableMicros: 0 });
    ledger.startDay(2_000, 100);
    expect(ledger.totals()).toMatchObject({ postedMicros: 0, pendingMicros: 700, availableMicros: 1_200 });
    expect(ledger.release('lease-1')).toBe(700);
  });

  test('names what is wrong by a code', () => {
    const ledger = new SpendLedger(1_000, 100);
    ledger.reserve('lease-1', 10, 'entry');
    expect(codeOf(() => ledger.reserve('lease-1', 10, 'entry'))).toBe('RESERVATION_EXISTS');
    expect(codeOf(() => ledger.post('lease-1', 11))).toBe('POST_EXCEEDS_RESERVATION');
    expect(codeOf(() => ledger.release('lease-2'))).toBe('RESERVATION_UNKNOWN');
    for (const amount of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(codeOf(() => ledger.reserve('lease-3', amount, 'entry'))).toBe('AMOUNT_INVALID');
    }
    expect(codeOf(() => new SpendLedger(100, 101))).toBe('AMOUNT_INVALID');
  });
});
