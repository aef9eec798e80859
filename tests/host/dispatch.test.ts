import { describe, expect, test } from 'vitest';
import { DeskError, toEnvelope } from '../../electron/contract/errors.ts';
import {
  type CallObserver,
  createDispatch,
  type Dispatch,
  type DeskHandlers,
} from '../../electron/host/dispatch.ts';

interface Bench {
  readonly dispatch: Dispatch;
  readonly observed: Parameters<CallObserver>[];
  readonly logged: object[];
  /** Milliseconds on the clock. */
  now: number;
}

function createBench(handlers: Partial<DeskHandlers>): Bench {
  const observed: Parameters<CallObserver>[] = [];
  const logged: object[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (detail: object) => void logged.push(detail),
  };
  const bench: Bench = {
    observed,
    logged,
    now: 1_000,
    dispatch: createDispatch(
      handlers as DeskHandlers,
      log,
      () => bench.now,
      (...call) => observed.push(call),
    ),
  };
  return bench;
}

const context = { actor: 'cli', signal: new AbortController().signal } as const;

describe('a call', () => {
  test('reaches its handler with parsed input, defaults filled in, and who asked', async () => {
    const heard: unknown[] = [];
    const { dispatch } = createBench({
      'swarm.kill': (input, { actor }) => {
        heard.push([input, actor]);
        return { killId: 'k', verified: true, scope: 'all', policy: 'flatten', tookMs: 1, items: [] };
      },
    });
    await dispatch('swarm.kill', undefined, context);
    await dispatch('swarm.kill', { policy: 'keep', surplus: 1 }, { ...context, actor: 'window' });
    expect(heard).toEqual([
      [{ scope: 'all', policy: 'flatten', reason: 'operator' }, 'cli'],
      [{ scope: 'all', policy: 'keep', reason: 'operator' }, 'window'],
    ]);
  });

  test('with input that the schema refuses never reaches a handler; the message names the field', async () => {
    const { dispatch, observed } = createBench({
      'swarm.rearm': () => expect.fail('the handler was called'),
    });
    await expect(dispatch('swarm.rearm', { reason: 'x' }, context)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^reason: /),
      detail: { operation: 'swarm.rearm', issues: [{ field: 'reason' }] },
    });
    expect(observed).toEqual([]);
  });

  test('names every field that is wrong', async () => {
    const { dispatch } = createBench({});
    await expect(dispatch('sandboxes.create', { count: 'two', template: 3 }, context)).rejects.toThrow(
      /count: .*; template: /,
    );
  });

  test.each([['swarm.fly'], ['constructor'], ['__proto__'], ['toString'], ['']])(
    'of "%s", which is not in the catalogue, is refused by name',
    async (name) => {
      const { dispatch } = createBench({});
      await expect(dispatch(name, {}, context)).rejects.toMatchObject({
        code: 'UNKNOWN_OPERATION',
        message: `There is no operation "${name}".`,
      });
    },
  );

  test('with a strategy that does not exist says just that', async () => {
    const { dispatch } = createBench({});
    await expect(dispatch('swarm.deploy', { agent: 'astrology' }, context)).rejects.toMatchObject({
      code: 'UNKNOWN_STRATEGY',
    });
    await expect(dispatch('swarm.deploy', {}, context)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^agent: /),
    });
  });

  test('that is refused passes on the code and is not logged as a bug', async () => {
    const { dispatch, logged } = createBench({
      'swarm.unblock': () => {
        throw new DeskError('KILL_LATCHED', 'latched', { killId: 'k' });
      },
    });
    const error = await dispatch('swarm.unblock', {}, context).catch((thrown: unknown) => thrown);
    expect(toEnvelope(error)).toEqual({ code: 'KILL_LATCHED', message: 'latched', detail: { killId: 'k' } });
    expect(logged).toEqual([]);
  });

  test('that meets a bug is INTERNAL to the caller, without stack or detail, and is logged whole', async () => {
    const bug = new TypeError('the secret "abc" is not a function', { cause: { secret: 'key' } });
    const { dispatch, logged } = createBench({
      'swarm.agents': async () => {
        throw bug;
      },
    });
    const error = await dispatch('swarm.agents', {}, context).catch((thrown: unknown) => thrown);
    const envelope = toEnvelope(error);
    expect(Object.keys(envelope)).toEqual(['code', 'message']);
    expect(envelope.code).toBe('INTERNAL');
    expect(JSON.stringify(envelope)).not.toMatch(/secret|dispatch\.test/);
    expect(logged).toEqual([{ err: bug, operation: 'swarm.agents' }]);
  });
});

test('the observer hears how long each call took, and whether it failed', async () => {
  const bench = createBench({
    'swarm.status': async () => {
      bench.now += 30;
      await Promise.resolve();
      bench.now += 12;
      throw new DeskError('AGENT_NOT_FOUND', 'nobody');
    },
    'notices.dismiss': () => {
      bench.now += 5;
      return {};
    },
  });
  await bench.dispatch('swarm.status', { id: 'nobody' }, context).catch(() => undefined);
  await bench.dispatch('notices.dismiss', { noticeId: 'n' }, context);
  expect(bench.observed).toEqual([
    ['swarm.status', 42, true],
    ['notices.dismiss', 5, false],
  ]);
});
