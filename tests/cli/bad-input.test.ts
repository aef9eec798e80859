import { expect, test } from 'vitest';
import { createCliHarness } from '../support/cli-harness.ts';
import { createFakeDesk } from '../support/fake-desk.ts';
import { answering, busySnapshot, refusing } from '../support/desk-answers.ts';

const usage: readonly [line: string, code: string, message: string | RegExp][] = [
  ['', 'INVALID_INPUT', /No command was given.*neural-trader help/],
  ['delpoy', 'UNKNOWN_OPERATION', /unknown command 'delpoy'.*Did you mean deploy\?/],
  ['fly', 'UNKNOWN_OPERATION', /unknown command 'fly'.*neural-trader help/],
  ['help fly', 'UNKNOWN_OPERATION', /There is no command "fly"/],
  ['deploy', 'INVALID_INPUT', /^agent is missing; give momentum/],
  ['deploy --agent momentun', 'UNKNOWN_STRATEGY', 'agent: "momentun" is unknown; did you mean momentum?'],
  ['deploy --agent astrology', 'UNKNOWN_STRATEGY', /^agent: "astrology" is unknown; give momentum/],
  ['deploy --agent sma-cross', 'UNKNOWN_STRATEGY', /^agent: "sma-cross" is unknown; give momentum/],
  ['deploy --agent momentum --count 0', 'INVALID_INPUT', 'count: 0 is too small; give 1 to 100'],
  ['deploy --agent momentum --count -1', 'INVALID_INPUT', 'count: -1 is too small; give 1 to 100'],
  ['deploy --agent momentum --count 1e9', 'INVALID_INPUT', 'count: 1000000000 is too large; give 1 to 100'],
  ['deploy --agent momentum --count many', 'INVALID_INPUT', 'count: "many" is not a number; give 1 to 100'],
  ['deploy --agent momentum --count NaN', 'INVALID_INPUT', 'count: "NaN" is not a number; give 1 to 100'],
  ['deploy --agent momentum --count 0x10', 'INVALID_INPUT', 'count: "0x10" is not a number; give 1 to 100'],
  ['deploy --agent momentum --count=', 'INVALID_INPUT', 'count: "" is not a number; give 1 to 100'],
  ['deploy --agent momentum --count 2.5', 'INVALID_INPUT', 'count: 2.5 is not a whole number; give 1 to 100'],
  ['deploy --agent momentum --count', 'INVALID_INPUT', /option '--count <number>' argument missing/],
  ['deploy --agent momentum --cuont 3', 'INVALID_INPUT', /unknown option '--cuont'.*Did you mean --count\?/],
  ['deploy --agent momentum --per-sandbox 26', 'INVALID_INPUT', 'per-sandbox: 26 is too large; give 1 to 25'],
  ['deploy --agent momentum --hours 0', 'INVALID_INPUT', 'hours: 0 is too small; give 0.1 to 24'],
  [
    'deploy --agent momentum --param fast=300',
    'INVALID_INPUT',
    'param fast: must be a whole number from 2 to 200 bars, not 300',
  ],
  [
    'deploy --agent momentum --param fast=5 --param solw=20',
    'INVALID_INPUT',
    'param solw: momentum has no such parameter; did you mean slow?',
  ],
  [
    'deploy --agent momentum --param fast=5 --param fast=6',
    'INVALID_INPUT',
    'param fast: was given twice; give it once',
  ],
  [
    'deploy --agent momentum --param fast',
    'INVALID_INPUT',
    'param: "fast" is refused; write each parameter as name=value',
  ],
  ['deploy --agent momentum --param', 'INVALID_INPUT', /option '--param <entry>' argument missing/],
  [
    'deploy --agent momentum --symbols AAPL,MSFT,AAPL',
    'INVALID_INPUT',
    'symbols: "AAPL" is refused; name each symbol once',
  ],
  [
    'deploy --agent momentum --symbols AAPL,$$$',
    'INVALID_INPUT',
    'symbols: "$$$" is refused; a symbol is upper case, for example AAPL',
  ],
  [
    'deploy --agent momentum --symbols A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q',
    'INVALID_INPUT',
    /^symbols: .* has too many entries; give comma-separated symbols, 1 to 16$/,
  ],
  ['execute', 'INVALID_INPUT', /^strategy is missing; give momentum/],
  ['execute --strategy astrology', 'UNKNOWN_STRATEGY', /^strategy: "astrology" is unknown; give momentum/],
  ['create --count 101', 'INVALID_INPUT', 'count: 101 is too large; give 1 to 100'],
  ['sla --window-s 61', 'INVALID_INPUT', 'window-s: 61 is unknown; give 60, 900, 3600 or 86400'],
  ['market', 'INVALID_INPUT', 'source is missing; give simulator or replay'],
  ['market --source replya', 'INVALID_INPUT', 'source: "replya" is unknown; did you mean replay?'],
  ['rearm --reason ok', 'INVALID_INPUT', 'reason: "ok" is too short; give 3 to 200 characters'],
  ['stop', 'INVALID_INPUT', /missing required argument 'agent-id'/],
  [
    'stop NOT_AN_ID',
    'INVALID_INPUT',
    'agent-id: "NOT_AN_ID" is refused; an agent id looks like "momentum-01"',
  ],
  ['status one two', 'INVALID_INPUT', /too many arguments/],
  [
    'kill --policy burn --yes',
    'INVALID_INPUT',
    'policy: "burn" is unknown; give flatten, keep or keep-hedged',
  ],
  ['stop-all', 'CONFIRMATION_REQUIRED', /Add --yes/],
  ['provider-use e3b', 'INVALID_INPUT', 'kind: "e3b" is unknown; did you mean e2b?'],
  [
    'provider-use --domain localhost',
    'INVALID_INPUT',
    'domain: "localhost" is refused; a domain looks like e2b.app',
  ],
  [
    'provider-test --api-url 127.0.0.1:3000',
    'INVALID_INPUT',
    'api-url: "127.0.0.1:3000" is refused; give an address like http://127.0.0.1:3000',
  ],
  [
    'provider-test --api-url http://me:secret@127.0.0.1',
    'INVALID_INPUT',
    'api-url: "http://me:secret@127.0.0.1" is refused; an address must not carry a user name or password',
  ],
  ['local --market moon', 'INVALID_INPUT', 'market: "moon" is unknown; give simulator or replay'],
  ['local --speed 0', 'INVALID_INPUT', 'speed: 0 is too small; give 1 to 10000'],
];

test.each(usage)(
  '"%s" is refused with exit code 2 and %s, with or without a host',
  async (line, code, message) => {
    const argv = line === '' ? [] : line.split(' ');
    for (const desk of [null, createFakeDesk(answering(), busySnapshot)]) {
      const cli = await createCliHarness(desk);
      const run = await cli.run(...argv, '--json');
      expect(run).toMatchObject({ code: 2, stderr: '' });
      expect(JSON.parse(run.stdout)).toEqual({
        ok: false,
        error: { code, message: message instanceof RegExp ? expect.stringMatching(message) : message },
      });
      expect(desk?.calls ?? []).toEqual([]);

      const forPeople = await cli.run(...argv);
      expect(forPeople).toMatchObject({ code: 2, stdout: '' });
      expect(forPeople.stderr).toContain(code);
    }
  },
);

test.each([
  ['status', 'swarm.status', 'AGENT_NOT_FOUND', 1],
  ['deploy --agent momentum', 'swarm.deploy', 'BUDGET_EXCEEDED', 1],
  ['deploy --agent momentum', 'swarm.deploy', 'KILL_LATCHED', 1],
  ['deploy --agent momentum', 'swarm.deploy', 'UNKNOWN_SYMBOL', 1],
  ['execute --strategy Momentum', 'swarm.execute', 'AGENT_NOT_FOUND', 1],
  ['destroy sb9', 'sandboxes.destroy', 'SANDBOX_NOT_FOUND', 1],
  ['health', 'host.health', 'HOST_STOPPING', 1],
] as const)(
  '"%s" that the host refuses (%s with %s) ends with exit code %i',
  async (line, operation, code, exit) => {
    const cli = await createCliHarness(
      createFakeDesk(answering({ [operation]: refusing(code, 'the host says why') }), busySnapshot),
    );
    const run = await cli.run(...line.split(' '), '--json');
    expect([run.code, JSON.parse(run.stdout)]).toEqual([
      exit,
      { ok: false, error: { code, message: 'the host says why' } },
    ]);
    const forPeople = await cli.run(...line.split(' '));
    expect(forPeople).toEqual({ code: exit, stdout: '', stderr: `error the host says why (${code})\n` });
  },
);

test('an answer of another shape than promised is a failure, not a strange table', async () => {
  const cli = await createCliHarness(
    createFakeDesk(answering({ 'sandboxes.list': () => ({ sandboxes: 'none' }) }), busySnapshot),
  );
  const run = await cli.run('list', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
});
