// The catalogue: everything that can be asked of the desk. A door serves exactly this.
import { reportPnl } from './pnl.ts';
import { compareBacktests, exportBacktest, listBacktests, runBacktest, showBacktest } from './backtest.ts';
import { sweepBacktest } from './backtest-sweep.ts';
import type { InputOf, Operation, OutputOf, ParsedInputOf } from './define-operation.ts';
import {
  acknowledgeAccount,
  armLive,
  disarmLive,
  forgetAccountKey,
  showAccount,
  testAccount,
  useAccount,
} from './account.ts';
import { executeStrategy } from './execute.ts';
import { fetchDatasets, importDataset, listDatasets, removeDataset } from './datasets.ts';
import { execInSandbox, listFiles, readFile, sandboxLogs, sandboxMetrics, writeFile } from './inspect.ts';
import { drillDeadMan, showDeadMan } from './dead-man.ts';
import { chooseMarket, changeSettings, listMarkets, readSettings } from './market.ts';
import { cancelOrders, listOrders, showOrder } from './orders.ts';
import { listPositions } from './positions.ts';
import { setLimits, showLimits } from './limits.ts';
import { poolStatus, resizePool } from './pool.ts';
import { forgetProviderKey, showProvider, testProvider, useProvider } from './provider.ts';
import { simulateMarket } from './simulate.ts';
import { createSandboxes, destroySandbox, listSandboxes } from './sandboxes.ts';
import { buildTemplate, listTemplates } from './templates.ts';
import { describeStrategy, listStrategies } from './strategies.ts';
import { deploySwarm, previewDeploy } from './deploy.ts';
import {
  blockEntries,
  killSwarm,
  listAgents,
  rearmSwarm,
  stopAgent,
  stopAllAgents,
  swarmStatus,
  unblockEntries,
} from './swarm.ts';
import { closeTerminal, openTerminal, readTerminal, resizeTerminal, writeTerminal } from './terminal.ts';
import { dismissNotice, hostHealth, hostShutdown, slaBoard, slaSeries, spendToday } from './watch.ts';

const catalogue = [
  createSandboxes,
  listSandboxes,
  destroySandbox,
  execInSandbox,
  listFiles,
  readFile,
  writeFile,
  sandboxLogs,
  sandboxMetrics,
  openTerminal,
  readTerminal,
  writeTerminal,
  resizeTerminal,
  closeTerminal,
  poolStatus,
  resizePool,
  listTemplates,
  buildTemplate,
  previewDeploy,
  deploySwarm,
  executeStrategy,
  swarmStatus,
  listAgents,
  stopAgent,
  stopAllAgents,
  blockEntries,
  unblockEntries,
  killSwarm,
  rearmSwarm,
  listOrders,
  showOrder,
  cancelOrders,
  listPositions,
  showDeadMan,
  drillDeadMan,
  listStrategies,
  describeStrategy,
  listDatasets,
  importDataset,
  fetchDatasets,
  removeDataset,
  simulateMarket,
  runBacktest,
  sweepBacktest,
  listBacktests,
  showBacktest,
  compareBacktests,
  exportBacktest,
  slaBoard,
  slaSeries,
  spendToday,
  reportPnl,
  listMarkets,
  chooseMarket,
  readSettings,
  changeSettings,
  showLimits,
  setLimits,
  showProvider,
  useProvider,
  testProvider,
  forgetProviderKey,
  showAccount,
  useAccount,
  testAccount,
  forgetAccountKey,
  armLive,
  disarmLive,
  acknowledgeAccount,
  dismissNotice,
  hostHealth,
  hostShutdown,
] as const;

type Catalogue = (typeof catalogue)[number];
export type OperationName = Catalogue['name'];
export type OperationOf<N extends OperationName> = Extract<Catalogue, { readonly name: N }>;

/** In the order of the catalogue. */
export const operations: readonly (Operation & { readonly name: OperationName })[] = catalogue;

export function findOperation(name: string): (Operation & { readonly name: OperationName }) | undefined {
  return operations.find((operation) => operation.name === name);
}

/** How a client calls the desk, whichever door it came through. */
export type Call = <N extends OperationName>(
  name: N,
  input: InputOf<OperationOf<N>>,
  signal?: AbortSignal,
) => Promise<OutputOf<OperationOf<N>>>;

/** A handler for every operation, after its input has been parsed. */
export type Handlers<Context> = {
  readonly [N in OperationName]: (
    input: ParsedInputOf<OperationOf<N>>,
    context: Context,
  ) => Promise<OutputOf<OperationOf<N>>> | OutputOf<OperationOf<N>>;
};
