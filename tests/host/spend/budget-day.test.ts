import { describe, expect, test } from 'vitest';
import { budgetDay } from '../../../electron/host/spend/budget-day.ts';

const hour = 3_600_000;

describe('budgetDay', () => {
  test('starts at midnight of the zone', () => {
    const noon = Date.parse('2026-11-23T12:00:00+01:00');
    expect(budgetDay(noon, 'Europe/Berlin')).toEqual({
      day: '2026-11-23',
      startAt: Date.parse('2026-11-23T00:00:00+01:00'),
      endAt: Date.parse('2026-11-24T00:00:00+01:00'),
    });
  });

  test.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
  ])('%s is %d hours long in Berlin', (day, hours) => {
    const { startAt, endAt } = budgetDay(Date.parse(`${day}T10:00:00Z`), 'Europe/Berlin');
    expect((endAt - startAt) / hour).toBe(hours);
  });

  test('the last millisecond and the first belong to their own days', () => {
    const midnight = Date.parse('2026-11-24T00:00:00Z');
    expect(budgetDay(midnight - 1, 'UTC').day).toBe('2026-11-23');
    expect(budgetDay(midnight, 'UTC').day).toBe('2026-11-24');
  });
});
