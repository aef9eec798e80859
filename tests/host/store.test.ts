import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeskError } from '../../electron/contract/errors.ts';
import type { DeskEvent } from '../../electron/contract/events.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import { type Journal, loadNative } from '../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from '../local/broker/memory-journal.ts';
import { arbitraryHistory } from '../support/arbitrary-events.ts';
import { agentDeployed, orderApproved, orderFilled, sandboxRequested } from '../support/build-events.ts';
import { silent } from '../support/fleet-bench.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const at = 1_800_000_000_000;

function open(
  journal: MemoryJournal | Journal,
  onFailure: (error: DeskError) => void = () => undefined,
): Store {
  return createStore(journal as Journal, silent, onFailure);
}

describe('the store', () => {
  test('holds the same state after a replay as it held live, whatever happened', () => {
    fc.assert(
      fc.property(arbitraryHistory(120), (history) => {
        const journal = createMemoryJournal();
        const live = open(journal);
        for (const event of history) live.commit(event);
        const replayed = open(journal);
        expect(replayed.state()).toEqual(live.state());
        expect(replayed.seq()).toBe(history.length);
      }),
      { numRuns: 300 },
    );
  });

  test('finds its state again in a file, longer than one reading', async () => {
    const path = join(temporaryDirectory(), 'journal.db');
    const native = loadNative();
    const first = native.Journal.open(path);
    const live = open(first);
    for (const event of [agentDeployed(), sandboxRequested(), orderApproved(), orderFilled()])
      live.commit(event);
    for (let index = 0; index < 5_100; index += 1)
      live.commit({
        kind: 'TargetSet',
        at,
        agentId: 'momentum-01',
        symbol: 'AAPL',
        qtyNanos: index,
        priceTicks: 1,
        reason: '',
      });
    await live.flush();
    first.close();
    const second = native.Journal.open(path);
    const again = open(second);
    expect(again.state()).toEqual(live.state());
    expect(again.state().agents['momentum-01']?.targets['AAPL']?.qtyNanos).toBe(5_099);
    expect(again.seq()).toBe(5_104);
    second.close();
  });

  test('folds at once and numbers each event one more than the last', () => {
    const store = open(createMemoryJournal());
    const heard: [number, string, boolean][] = [];
    const unfollow = store.follow(({ seq, event }, state) =>
      heard.push([seq, event.kind, state === store.state()]),
    );
    store.commit(agentDeployed());
    store.commit(orderApproved());
    unfollow();
    store.commit(orderFilled());
    expect(heard).toEqual([
      [1, 'AgentDeployed', true],
      [2, 'OrderApproved', true],
    ]);
    expect(store.state().fills).toHaveLength(1);
  });

  test('says that an event is durable only when it is', async () => {
    const journal = createMemoryJournal();
    const store = open(journal);
    journal.hold();
    let isDurable = false;
    const committed = store.commitDurable(agentDeployed()).then(() => {
      isDurable = true;
    });
    let isFlushed = false;
    const flushed = store.flush().then(() => {
      isFlushed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([isDurable, isFlushed, journal.payloads().length]).toEqual([false, false, 0]);
    journal.release();
    await Promise.all([committed, flushed]);
    expect(journal.payloads()).toHaveLength(1);
  });
});

describe('a journal that cannot be written', () => {
  function failing(): { journal: MemoryJournal; store: Store; failures: DeskError[] } {
    const journal = createMemoryJournal();
    const failures: DeskError[] = [];
    const store = open(journal, (error) => {
      failures.push(error);
      store.commit({ kind: 'EntriesBlocked', at, actor: 'host', reason: error.message });
    });
    return { journal, store, failures };
  }

  test('blocks entries, is reported once, and is never trusted again', async () => {
    const { journal, store, failures } = failing();
    journal.fail(new Error('disk full'));
    await expect(store.commitDurable(agentDeployed())).rejects.toMatchObject({
      code: 'JOURNAL_FAILED',
      message: expect.stringContaining('disk full'),
    });
    expect(store.state().entries).toMatchObject({ kind: 'blocked', actor: 'host' });
    // An event that is missing in the middle would make a replay of what follows a lie.
    journal.append = async () => 1;
    await expect(store.commitDurable(orderApproved())).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(failures).toHaveLength(1);
    expect(journal.payloads()).toEqual([]);
  });

  test('blocks entries also after a commit that nobody waits for', async () => {
    const { journal, store } = failing();
    journal.fail(new Error('disk full'));
    store.commit(agentDeployed());
    await store.flush();
    expect(store.state().entries.kind).toBe('blocked');
    expect(store.state().agents['momentum-01']).toBeDefined();
  });

  test('blocks entries when it throws at once', async () => {
    const { journal, store } = failing();
    journal.append = () => {
      throw new Error('closed');
    };
    await expect(store.commitDurable(agentDeployed())).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(store.state().entries.kind).toBe('blocked');
  });

  test('blocks entries when the file was closed under the host', async () => {
    const journal = loadNative().Journal.open(join(temporaryDirectory(), 'journal.db'));
    const failures: DeskError[] = [];
    const store = open(journal, (error) => failures.push(error));
    journal.close();
    await expect(store.commitDurable(agentDeployed())).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
    expect(failures).toHaveLength(1);
  });
});

describe('an event that no later start could read', () => {
  test('is neither folded nor written, and blocks entries', async () => {
    const journal = createMemoryJournal();
    const store = open(journal, (error) =>
      store.commit({ kind: 'EntriesBlocked', at, actor: 'host', reason: error.message }),
    );
    await expect(store.commitDurable({ ...orderFilled(), symbol: 'not a symbol' })).rejects.toMatchObject({
      code: 'JOURNAL_FAILED',
      message: expect.stringContaining('OrderFilled'),
    });
    expect(store.state().fills).toEqual([]);
    expect(store.state().entries.kind).toBe('blocked');
    expect(journal.payloads()).toEqual([]);
  });

  test.each(['BTC/USD', 'BRK.B', 'AAPL261218C00250000'])(
    'is not one about %s: an account may hold what the desk does not trade',
    async (symbol) => {
      const journal = createMemoryJournal();
      const positions = [{ symbol, qtyNanos: 5 }];
      await open(journal).commitDurable({
        kind: 'AccountRead',
        at,
        equityMicros: 1,
        cashMicros: 1,
        positions,
      });
      expect(open(journal).state().account?.positions).toEqual({ [symbol]: 5 });
    },
  );
});

describe('a journal that cannot be read', () => {
  const corrupt: [string, string][] = [
    ['an event of another version', JSON.stringify({ kind: 'MoonLanded', at })],
    ['an event with a field that is missing', JSON.stringify({ kind: 'HostStarted', at })],
    ['what is not an event', '{"kind":'],
  ];

  test.each(corrupt)('because of %s is refused, naming the event', async (_case, payload) => {
    const journal = createMemoryJournal();
    const good: DeskEvent = agentDeployed();
    await journal.append([JSON.stringify(good), payload]);
    expect(() => open(journal)).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_CORRUPT',
        message: expect.stringMatching(/^Event 2 .*Restore the journal/),
        detail: { seq: 2 },
      }),
    );
  });

  test('because the chain is broken is refused in the same words as everywhere', () => {
    const journal = createMemoryJournal();
    journal.scan = () => {
      throw Object.assign(new Error('event 7 does not follow from event 6'), { code: 'JOURNAL_CORRUPT' });
    };
    expect(() => open(journal)).toThrow(
      expect.objectContaining({ name: 'DeskError', code: 'JOURNAL_CORRUPT' }),
    );
  });
});
