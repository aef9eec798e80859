import { expect, test } from 'vitest';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, answers, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

async function cliWith(more: Parameters<typeof answering>[0] = {}) {
  const desk = createFakeDesk(answering(more), busySnapshot);
  return { desk, cli: await createCliHarness(desk) };
}

test.each([
  [['orders', 'list', '--state', 'working'], 'orders.list', { state: 'working', limit: 100 }],
  [['orders-list', '--symbol', 'AAPL', '--agent', 'momentum-01'], 'orders.list', { agent: 'momentum-01' }],
  [['orders', 'show', 'nt-1f2e3d-17'], 'orders.show', { id: 'nt-1f2e3d-17' }],
  [['orders', 'cancel', 'nt-1f2e3d-17'], 'orders.cancel', { id: 'nt-1f2e3d-17', all: false }],
  [['orders', 'cancel', '--all'], 'orders.cancel', { all: true }],
  [['positions', 'list'], 'positions.list', {}],
])('%j asks for %s', async (argv, name, input) => {
  const { desk, cli } = await cliWith();
  expect(await cli.run(...argv)).toMatchObject({ code: 0, stderr: '' });
  expect(desk.calls).toMatchObject([{ name, input }]);
});

test.each([
  [['orders', 'cancel'], 'give the id of one order, or --all for every working one'],
  [['orders', 'cancel', 'nt-1', '--all'], 'give the id of one order, or --all for every working one'],
  [['orders', 'list', '--state', 'open'], 'state: "open" is unknown; give working or all'],
  [['orders', 'list', '--limit', '0'], 'limit: 0 is too small; give 1 to 5000'],
  [
    ['orders', 'list', '--symbol', 'aapl'],
    'symbol: "aapl" is refused; a symbol is upper case, for example AAPL',
  ],
  [['orders', 'burn'], "unknown command 'orders'"],
])('%j is wrong usage, said before the host is asked', async (argv, words) => {
  const { desk, cli } = await cliWith();
  const { code, stderr } = await cli.run(...argv);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  expect(desk.calls).toEqual([]);
});

test('a command of its own is not taken for the family of another', async () => {
  const { desk, cli } = await cliWith();
  const { code } = await cli.run('stop', 'all', '--json');
  expect([code, desk.calls.map(({ name }) => name)]).toEqual([0, ['swarm.stop']]);
});

test('orders list shows what was measured, what was not, and whose shares it is', async () => {
  const { cli } = await cliWith();
  const { stdout } = await cli.run('orders', 'list');
  expect(stdout).toMatch(/^DEMO {2}simulated market/);
  expect(stdout).toMatch(
    /AAPL +buy +10 +4 +market +\$171\.225 simulated +partially filled +12 ms +not measured +momentum-01 6, momentum-02 4 +nt-1f2e3d-17/,
  );
  expect(stdout).toContain('There are more.');
});

test('orders show tells the way of an order, down to each agent', async () => {
  const { cli } = await cliWith();
  const { stdout } = await cli.run('orders', 'show', 'nt-1f2e3d-17');
  expect(stdout).toContain('let pass while active: bid $171.20, ask $171.24, 90 ms old; -2.5 held before');
  expect(stdout).toMatch(/40 +\S+ \S+ +approved by the risk gate/);
  expect(stdout).toMatch(/42 +\S+ \S+ +filled 4 at \$171\.225 simulated: momentum-01 4$/m);
});

test('orders cancel says that entries stay open, and names what was refused', async () => {
  const asked = await cliWith();
  expect((await asked.cli.run('orders', 'cancel', '--all')).stdout).toMatch(
    /it can fill until the broker confirms[\s\S]*buy 6 AAPL was still open[\s\S]*To keep them out: neural-trader block/,
  );
  const [order] = answers['orders.cancel'].asked;
  if (!order) throw new Error('the sample has an order');
  const refused = await cliWith({
    'orders.cancel': () => ({
      ...answers['orders.cancel'],
      asked: [],
      refused: [{ ...order, reason: 'The broker is out of reach.' }],
    }),
  });
  expect((await refused.cli.run('orders', 'cancel', '--all')).stdout).toMatch(
    /Not cancelled: 1 order\.\n +nt-1f2e3d-17 +The broker is out of reach\./,
  );
});

test('positions list sets the account beside the books, agent by agent', async () => {
  const { cli } = await cliWith();
  const { stdout } = await cli.run('positions', 'list');
  expect(stdout).toMatch(
    /AAPL +10 +12\.5 +-2\.5 +\$170\.00 +\$169\.976 +-\$0\.30 simulated +\+\$1\.20 simulated/,
  );
  expect(stdout).toMatch(/ momentum-01 +12\.5 +\$170\.00/);
});
