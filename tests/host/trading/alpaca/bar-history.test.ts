// Historical bars through the official client: pages, and a service that is asked too often.
import { expect, test } from 'vitest';
import type { Bar } from '../../../../electron/contract/bar.ts';
import {
  createAlpacaBroker,
  createAlpacaClient,
} from '../../../../electron/host/trading/alpaca/alpaca-broker.ts';
import type { Broker } from '../../../../electron/host/trading/broker.ts';

const day = { symbol: 'AAPL', timeframe: '1Day', startMs: 0, endMs: 86_400_000 };

function wireBar(close: number) {
  return { t: '2024-01-02T05:00:00Z', o: close, h: close, l: close, c: close, v: 7, n: 1, vw: close };
}

/** A broker whose service answers each request with the next of these. */
function brokerAnswering(...answers: (() => Response)[]): { broker: Broker; asked: URL[] } {
  const asked: URL[] = [];
  const send = async (url: string): Promise<Response> => {
    asked.push(new URL(url));
    return (answers.shift() ?? (() => new Response(null, { status: 500 })))();
  };
  const address = {
    fetch: send,
    openSocket: () => {
      throw new Error('no socket is needed');
    },
  };
  const client = createAlpacaClient('paper', { keyId: 'k', secret: 's' }, address, true);
  return { broker: createAlpacaBroker(client), asked };
}

async function readAll(broker: Broker, signal = new AbortController().signal): Promise<Bar[][]> {
  const pages: Bar[][] = [];
  for await (const page of broker.barPages(day, signal)) pages.push(page);
  return pages;
}

function page(token: string | null, ...closes: number[]): () => Response {
  return () =>
    Response.json({ bars: { AAPL: closes.map(wireBar) }, next_page_token: token, currency: 'USD' });
}

test('follows the pages to the end, adjusted for splits', async () => {
  const { broker, asked } = brokerAnswering(page('next', 1, 2), page(null, 3));
  const pages = await readAll(broker);
  expect(pages.map((bars) => bars.map(({ closeTicks }) => closeTicks))).toEqual([[10_000, 20_000], [30_000]]);
  expect(asked.map(({ searchParams }) => searchParams.get('page_token'))).toEqual([null, 'next']);
  expect(asked.map(({ searchParams }) => searchParams.get('adjustment'))).toEqual(['split', 'split']);
  expect(asked[0]?.searchParams.get('end')).toBe('1970-01-01T23:59:59.999Z');
});

test('reads the newest bars over as many pages as they take, oldest first, and no more', async () => {
  const { broker, asked } = brokerAnswering(page('next', 5, 4), page('more', 3, 2), page(null, 1));
  const bars = await broker.bars(['AAPL'], '1Min', 3, 86_400_000);
  expect(bars.map(({ closeTicks }) => closeTicks)).toEqual([30_000, 40_000, 50_000]);
  const parameters = asked.map(({ searchParams }) =>
    ['page_token', 'limit', 'sort', 'adjustment'].map((name) => searchParams.get(name)),
  );
  expect(parameters).toEqual([
    [null, '3', 'desc', 'split'],
    ['next', '1', 'desc', 'split'],
  ]);
});

test('waits as long as the service asks for after too many requests, then goes on', async () => {
  const tooMany = (): Response => new Response('{}', { status: 429, headers: { 'Retry-After': '1' } });
  const { broker, asked } = brokerAnswering(tooMany, page(null, 3));
  const startedAt = performance.now();
  expect(await readAll(broker)).toHaveLength(1);
  expect(asked).toHaveLength(2);
  expect(performance.now() - startedAt).toBeGreaterThan(750);
});

test('names what was refused', async () => {
  const { broker } = brokerAnswering(() => Response.json({ message: 'forbidden' }, { status: 403 }));
  await expect(readAll(broker)).rejects.toMatchObject({
    code: 'BROKER_REFUSED',
    message: expect.stringContaining('read bars of AAPL'),
  });
});
