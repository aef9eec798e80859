// One handler an operation, each short: the work is done on the floors below.
import { DeskError } from '../../contract/errors.ts';
import { createAccountHandlers } from './account-handlers.ts';
import { createDatasetHandlers } from './dataset-handlers.ts';
import { createDeadManHandlers } from './dead-man-handlers.ts';
import type { DeskHandlers } from '../dispatch.ts';
import { checkHealth } from '../health.ts';
import type { HostParts } from '../host-parts.ts';
import { marketSources, toMarketChoice } from '../market-sources.ts';
import { createBacktestHandlers } from './backtest-handlers.ts';
import { createEntryHandlers } from './entry-handlers.ts';
import { createFleetHandlers } from './fleet-handlers.ts';
import { createSandboxHandlers } from './sandbox-handlers.ts';
import { createSwarmHandlers } from './swarm-handlers.ts';
import { createTerminalHandlers } from './terminal-handlers.ts';
import { createLimitHandlers } from './limit-handlers.ts';
import { createPoolHandlers } from './pool-handlers.ts';
import { createOrderHandlers } from './order-handlers.ts';
import { createProviderHandlers } from './provider-handlers.ts';
import { createTemplateHandlers } from './template-handlers.ts';
import { strategyHandlers } from './strategy-handlers.ts';
import { createWatchHandlers } from './watch-handlers.ts';
import { countAlive } from '../watch/gauges.ts';

/** Builds the handlers over the host's parts. */
export function createHandlers(parts: HostParts): DeskHandlers {
  const { store, settingsFile, meter } = parts;

  return {
    ...createSandboxHandlers(parts),
    ...createPoolHandlers(parts),
    ...createLimitHandlers(parts),
    ...strategyHandlers,
    ...createDatasetHandlers(parts),
    ...createBacktestHandlers(parts),
    ...createProviderHandlers(parts),
    ...createAccountHandlers(parts),
    ...createTerminalHandlers(parts.terminals),
    ...createTemplateHandlers(parts),
    ...createFleetHandlers(parts),
    ...createSwarmHandlers(parts),
    ...createEntryHandlers(parts),
    ...createOrderHandlers(parts),
    ...createDeadManHandlers(parts),
    ...createWatchHandlers(parts),
    'market.sources': () => marketSources(settingsFile.read().market),
    'market.choose': async (input) => {
      await parts.connected();
      const { mode } = store.state();
      if (mode !== 'demo')
        throw new DeskError(
          'MARKET_IN_USE',
          `${mode.toUpperCase()} trades the real market. Use the DEMO account, then choose its market.`,
        );
      if (countAlive(store.state().agents) > 0)
        throw new DeskError('MARKET_IN_USE', 'Agents are trading on this market. Stop them, then switch.');
      return parts.switchMarket(toMarketChoice(input));
    },
    'settings.read': () => settingsFile.read(),
    'settings.change': ({ theme, budget, deadMan }) => {
      const changed = settingsFile.change({
        ...(theme ? { theme } : {}),
        ...(deadMan === undefined ? {} : { deadMan: { leaseS: deadMan } }),
        ...(budget === undefined ? {} : { budgetMicros: Math.round(budget * 1_000_000) }),
      });
      meter.rollDay();
      return changed;
    },
    'host.health': () => checkHealth(parts),
    'host.shutdown': () => {
      parts.shutdown();
      return { pid: parts.pid };
    },
  };
}
