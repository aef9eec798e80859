// Handlers of the operations on bar data.
import { createHash } from 'node:crypto';
import { DeskError } from '../../contract/errors.ts';
import type { MarketChoice } from '../../contract/market.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';
import { type BarSource, fetchBars } from '../research/fetch-bars.ts';

type DatasetOperations = 'data.list' | 'data.import' | 'data.remove' | 'data.fetch' | 'market.simulate';

/** Serves the datasets, and fetches from the broker of the account. */
export function createDatasetHandlers(
  parts: Pick<HostParts, 'datasets' | 'settingsFile' | 'store' | 'trading' | 'connected'>,
): Pick<DeskHandlers, DatasetOperations> {
  const { datasets } = parts;
  return {
    'data.list': () => datasets.list(),
    'data.import': (input, { actor, signal }) => datasets.import(input, actor, signal),
    'market.simulate': (input, { actor, signal }) => datasets.simulate(input, actor, signal),
    'data.remove': ({ name }, { actor }) => {
      datasets.remove(name, actor);
      return { name };
    },
    'data.fetch': async (input, { actor, signal }) => {
      await parts.connected();
      return { datasets: await fetchBars(datasets, barSource(parts), input, actor, signal) };
    },
  };
}

/** The broker's history. Demo markets are told apart: their bars must not be taken for each other's, nor for real ones. */
function barSource({
  settingsFile,
  store,
  trading,
}: Pick<HostParts, 'settingsFile' | 'store' | 'trading'>): BarSource {
  const isReal = store.state().mode !== 'demo';
  const clock = trading.marketClock();
  if (!clock)
    throw new DeskError(
      'BROKER_UNAVAILABLE',
      'The market clock has not been read yet. Try again in a moment.',
    );
  return {
    isReal,
    label: isReal ? 'alpaca' : demoLabel(settingsFile.read().market),
    marketAt: clock.marketAt,
    assertTradable: trading.assertTradable,
    pages: trading.barPages,
  };
}

function demoLabel(choice: MarketChoice): string {
  if (choice.source === 'simulator') return `demo-seed-${choice.seed}`;
  const file = createHash('sha256').update(choice.file).digest('hex').slice(0, 8);
  return `demo-replay-${file}`;
}
