import { describe, expect, test } from 'vitest';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import { type DeskState, initialState } from '../../electron/contract/state.ts';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, answers, busySnapshot, gauges, refusing } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

const secret = 'secret-of-the-paper-account';
const hour = 3_600_000;

/** The snapshot of a desk on LIVE. */
function onLive(live: DeskState['live'] = null): () => FeedFrame {
  const state: DeskState = { ...initialState, mode: 'live', accountNumber: '123456789', live };
  return () => ({ kind: 'snapshot', seq: 1, state, gauges });
}

describe('a key', () => {
  test('comes from standard input and is shown nowhere', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const readSecret = (): Promise<string> => Promise.resolve(`PKTEST01 ${secret}`);
    for (const more of [[], ['--json']]) {
      const run = await cli.runWith({ readSecret }, 'account-use', 'paper', '--key-stdin', ...more);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).not.toContain(secret);
      expect(run.stdout).not.toContain('PKTEST01');
    }
    expect(desk.calls[0]).toMatchObject({
      name: 'account.use',
      input: { account: 'paper', key: { keyId: 'PKTEST01', secret } },
    });
  });

  test.each([
    ['half a key', ['--key-stdin'], secret],
    ['no key at all', ['--key-stdin'], ''],
    ['a key on the line', ['--key', `PKTEST01:${secret}`], ''],
  ])('%s is refused without repeating it', async (_, argv, typed) => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const readSecret = (): Promise<string> => Promise.resolve(typed);
    const run = await cli.runWith({ readSecret }, 'account-use', 'paper', ...argv);
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).not.toContain(secret);
    expect(desk.calls).toEqual([]);
  });
});

test('the account is told with its number, its limits, where each account trades, and how a key is kept', async () => {
  const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
  const { stdout } = await cli.run('account');
  expect(stdout.split('\n').slice(1)).toEqual([
    'Account    PAPER, number PA3ABC9DEFG1, connected',
    'Limits     $25,000.00 an order, $50,000.00 a symbol, quotes at most 5.00 s old; limits lists all (key 5f0c2a9e71b3)',
    'Storage    A stored key is not encrypted.',
    '',
    'ACCOUNT  TRADES AT                         KEY',
    'DEMO     http://127.0.0.1:4001             not needed',
    'PAPER    https://paper-api.alpaca.markets  stored',
    'LIVE     https://api.alpaca.markets        none',
    '',
  ]);
});

test('an account that is not LIVE has simulated equity, and its test says what was asked for', async () => {
  const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
  expect((await cli.run('account-test', 'paper')).stdout).toContain(
    'Reached PAPER at https://paper-api.alpaca.markets in 184 ms: account PA3ABC9DEFG1, equity $100,000.00 simulated. The account was read, nothing else.',
  );
});

describe('LIVE', () => {
  test('says in red capitals that the money is real, and how it is armed', async () => {
    const account = { ...answers['account.show'], inUse: 'live', accountNumber: '123456789' };
    const desk = createFakeDesk(answering({ 'account.show': () => account }), onLive());
    const { stdout } = await (await createCliHarness(desk)).run('account');
    expect(stdout).toMatch(/^LIVE {2}REAL MONEY\n/);
    expect(stdout).toContain(
      'Armed      no, opening orders are refused: account-arm NUMBER --limits 5f0c2a9e71b3',
    );
  });

  test('shows in its status whether it may open positions, and for how long', async () => {
    const status = { ...answers['swarm.status'], mode: 'live' };
    for (const [armedUntil, words] of [
      [null, 'Armed    no, opening orders are refused: see account'],
      [5 * hour, 'Armed    yes, for 5 h more unless somebody acts'],
    ] as const) {
      const desk = createFakeDesk(answering({ 'swarm.status': () => ({ ...status, armedUntil }) }), onLive());
      const { stdout } = await (await createCliHarness(desk)).runWith({ now: () => 0 }, 'status');
      expect(stdout).toContain(words);
    }
  });

  test('shows the same in the monitor', async () => {
    const live = { accountNumber: '123456789', limitsKey: 'k', since: 0, attendedAt: 0 };
    const cli = await createCliHarness(createFakeDesk(answering(), onLive(live)));
    expect((await cli.runWith({ now: () => 20 * hour }, 'monitor', '--once')).stdout).toContain(
      'Armed    yes, for 4 h more unless somebody acts',
    );
    expect((await cli.runWith({ now: () => 24 * hour }, 'monitor', '--once')).stdout).toContain(
      'Armed    no, opening orders are refused: see account',
    );
  });

  test('is armed by number and limits, and a wrong number is refused with its code', async () => {
    const desk = createFakeDesk(answering(), onLive());
    const cli = await createCliHarness(desk);
    const argv = ['account-arm', '123456789', '--limits', '5f0c2a9e71b3'];
    expect((await cli.runWith({ now: () => 1_000 }, ...argv)).stdout).toContain('It ends after 24 h');
    expect(desk.calls).toMatchObject([
      { name: 'account.arm', input: { accountNumber: '123456789', limits: '5f0c2a9e71b3' } },
    ]);
    const refused = createFakeDesk(
      answering({ 'account.arm': refusing('ACCOUNT_NUMBER_WRONG', 'not that number') }),
      onLive(),
    );
    expect(await (await createCliHarness(refused)).run(...argv)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error not that number (ACCOUNT_NUMBER_WRONG)\n',
    });
  });
});
