import { expect, test } from 'vitest';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, busySnapshot, refusing } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

const key = 'e2b_0123456789abcdef';

test('a key comes from standard input and is shown nowhere', async () => {
  const desk = createFakeDesk(answering(), busySnapshot);
  const cli = await createCliHarness(desk);
  const argv = ['provider-use', 'e2b', '--plan', 'pro', '--key-stdin'];
  const asked: string[] = [];
  const readSecret = (what: string): Promise<string> => {
    asked.push(what);
    return Promise.resolve(key);
  };
  for (const more of [[], ['--json']]) {
    const run = await cli.runWith({ readSecret }, ...argv, ...more);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).not.toContain(key);
  }
  expect(asked).toEqual(['API key', 'API key']);
  expect(desk.calls[0]).toMatchObject({ name: 'provider.use', input: { kind: 'e2b', plan: 'pro', key } });
});

test('standard input is left alone unless it is asked for', async () => {
  const desk = createFakeDesk(answering(), busySnapshot);
  const cli = await createCliHarness(desk);
  // The harness fails a run that reads.
  expect(await cli.run('provider-test')).toMatchObject({ code: 0, stderr: '' });
  expect(desk.calls).toMatchObject([{ name: 'provider.test', input: {} }]);
});

test.each([
  ['a key of two lines', ['--key-stdin'], `${key}\u0007`],
  ['no key at all', ['--key-stdin'], ''],
  ['a key on the line', [`--key=${key}`], ''],
  ['a key on the line, apart', ['--key', key], ''],
])('%s is refused without repeating it', async (_, argv, typed) => {
  const desk = createFakeDesk(answering(), busySnapshot);
  const cli = await createCliHarness(desk);
  for (const more of [[], ['--json']]) {
    const run = await cli.runWith(
      { readSecret: () => Promise.resolve(typed) },
      'provider-use',
      ...argv,
      ...more,
    );
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).toMatch(/key/);
    expect(run.stdout + run.stderr).not.toContain(key);
  }
  expect(desk.calls).toEqual([]);
});

test('the provider is told with its limits, its key and how that is kept', async () => {
  const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
  const { stdout } = await cli.run('provider');
  expect(stdout.split('\n').slice(1)).toEqual([
    'Provider   E2B cloud, hobby plan',
    'Address    https://api.e2b.app',
    'Limits     20 sandboxes at a time, 1 creation a second, sessions of 1 h',
    'Key        stored',
    'Storage    A stored key is not encrypted.',
    '',
  ]);
});

test('a test of the connection tells address, time and count; a refusal its code', async () => {
  const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
  expect((await cli.run('provider-test')).stdout).toContain(
    'Reached https://api.e2b.app in 184 ms: 3 sandboxes there. Nothing was created.',
  );
  const refused = await createCliHarness(
    createFakeDesk(
      answering({ 'provider.test': refusing('PROVIDER_KEY_REFUSED', 'the key was refused') }),
      busySnapshot,
    ),
  );
  expect(await refused.run('provider-test', 'e2b')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error the key was refused (PROVIDER_KEY_REFUSED)\n',
  });
});
