// An account in a market that pauses one of its stocks.
import { expect, test } from 'vitest';
import { assetToWire } from '../../../electron/local/broker/market-wire.ts';
import { anOrder, type Bench, createBench, native, SHARE } from './broker-bench.ts';

const MINUTE_MS = 60_000;

/** The market of seed 40 pauses Amazon in its first session, and nothing else; this runs up to that. */
function benchInPause(): Bench {
  const bench = createBench({ exchange: native.DemoExchange.simulated(40, null, 'alpaca-paper') });
  for (let minute = 0; minute < 390; minute++) {
    bench.pass(MINUTE_MS);
    if (asset(bench, 'AMZN').attributes.length > 0) return bench;
  }
  throw new Error('nothing was paused; choose another seed');
}

function asset({ exchange }: Bench, symbol: string) {
  const listed = exchange.symbols().find((entry) => entry.symbol === symbol);
  if (!listed) throw new Error(`${symbol} is not listed`);
  return assetToWire(listed);
}

test('takes orders in a paused stock, lets them be canceled, and fills them when trading resumes', () => {
  const bench = benchInPause();
  const { broker, book } = bench;
  const waiting = broker.place(anOrder({ symbol: 'AMZN' }));
  const regretted = broker.place(anOrder({ symbol: 'AMZN' }));
  broker.place(anOrder({ symbol: 'AAPL' }));
  broker.cancel(regretted.terms.id);
  expect(book.position('AAPL').qtyNanos).toBe(10 * SHARE);
  expect(book.position('AMZN').qtyNanos).toBe(0);
  expect(book.order(waiting.terms.id)?.status).toBe('new');
  bench.pass(5 * MINUTE_MS);
  expect(book.order(waiting.terms.id)?.status).toBe('filled');
  expect(book.order(regretted.terms.id)?.status).toBe('canceled');
  expect(book.position('AMZN').qtyNanos).toBe(10 * SHARE);
});

test('shows the pause at the asset, which stays tradable', () => {
  const bench = benchInPause();
  expect(asset(bench, 'AMZN')).toMatchObject({ tradable: true, attributes: ['trading_paused'] });
  expect(asset(bench, 'AAPL').attributes).toEqual([]);
  bench.pass(5 * MINUTE_MS);
  expect(asset(bench, 'AMZN').attributes).toEqual([]);
});
