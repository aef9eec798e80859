import { expect, test } from 'vitest';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, answers, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

async function cliWith(more: Parameters<typeof answering>[0] = {}) {
  const desk = createFakeDesk(answering(more), busySnapshot);
  return { desk, cli: await createCliHarness(desk) };
}

test('limits lists value, range and what each bounds', async () => {
  const { cli } = await cliWith();
  const { stdout } = await cli.run('limits');
  expect(stdout).toMatch(/order\.notional +25000 USD +1 to 100000000 USD +Largest value of one order/);
  expect(stdout).toContain('These are the defaults.');
});

test('limits-set sends all that is on the line in one request', async () => {
  const { desk, cli } = await cliWith();
  const { code } = await cli.run('limits-set', 'order.notional=20000', 'account.shorting=0');
  expect(code).toBe(0);
  expect(desk.calls.map(({ name, input }) => ({ name, input }))).toContainEqual({
    name: 'limits.set',
    input: expect.objectContaining({ changes: expect.anything() }),
  });
});

test.each([
  ['order.notional=0', 'change order.notional: must be 1 to 100000000 USD, not 0'],
  ['order.notionl=5', 'change order.notionl: there is no such limit; did you mean order.notional?'],
])('limits-set %s is wrong usage, said before the host is asked', async (entry, words) => {
  const { desk, cli } = await cliWith();
  const { code, stderr } = await cli.run('limits-set', entry);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  expect(desk.calls.filter(({ name }) => name === 'limits.set')).toEqual([]);
});

test.each([
  [false, true],
  [true, false],
])('status with a dead-man lease that is held %s tells so: %s', async (leaseHeld, tells) => {
  const { cli } = await cliWith({ 'swarm.status': () => ({ ...answers['swarm.status'], leaseHeld }) });
  const { stdout } = await cli.run('status');
  expect(/^Lease +not held: orders only reduce/m.test(stdout)).toBe(tells);
});

test('status tells why entries are blocked and what was denied last', async () => {
  const { cli } = await cliWith({
    'swarm.status': () => ({
      ...answers['swarm.status'],
      entries: 'blocked',
      entriesReason: 'the account has lost $500.00',
      lastDenied: {
        at: 1_000,
        symbol: 'AAPL',
        side: 'buy',
        qtyNanos: 10_000_000_000,
        code: 'ORDER_NOTIONAL',
        detail: 'the order is worth $1000.10, above the limit of $900.00.',
      },
    }),
  });
  const { stdout } = await cli.run('status');
  expect(stdout).toContain('the account has lost $500.00');
  expect(stdout).toMatch(/Denied +buy 10 AAPL .* ago, ORDER_NOTIONAL: the order is worth \$1000\.10/);
});
