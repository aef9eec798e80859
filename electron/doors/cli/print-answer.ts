// Pairs each operation of the command line with its words.
import {
  compareBacktests,
  exportBacktest,
  listBacktests,
  runBacktest,
  showBacktest,
} from '../../contract/backtest.ts';
import { sweepBacktest } from '../../contract/backtest-sweep.ts';
import type { z } from 'zod';
import type { Operation } from '../../contract/define-operation.ts';
import {
  armLive,
  acknowledgeAccount,
  disarmLive,
  forgetAccountKey,
  showAccount,
  testAccount,
  useAccount,
} from '../../contract/account.ts';
import { drillDeadMan, showDeadMan } from '../../contract/dead-man.ts';
import { executeStrategy } from '../../contract/execute.ts';
import { changeSettings, chooseMarket, listMarkets, readSettings } from '../../contract/market.ts';
import {
  execInSandbox,
  listFiles,
  readFile,
  sandboxLogs,
  sandboxMetrics,
  writeFile,
} from '../../contract/inspect.ts';
import { fetchDatasets, importDataset, listDatasets, removeDataset } from '../../contract/datasets.ts';
import { setLimits, showLimits } from '../../contract/limits.ts';
import { cancelOrders, listOrders, showOrder } from '../../contract/orders.ts';
import { listPositions } from '../../contract/positions.ts';
import { poolStatus, resizePool } from '../../contract/pool.ts';
import { reportPnl } from '../../contract/pnl.ts';
import { forgetProviderKey, showProvider, testProvider, useProvider } from '../../contract/provider.ts';
import { simulateMarket } from '../../contract/simulate.ts';
import { createSandboxes, destroySandbox, listSandboxes } from '../../contract/sandboxes.ts';
import { describeStrategy, listStrategies } from '../../contract/strategies.ts';
import { deploySwarm } from '../../contract/deploy.ts';
import {
  blockEntries,
  killSwarm,
  listAgents,
  rearmSwarm,
  stopAgent,
  stopAllAgents,
  swarmStatus,
  unblockEntries,
} from '../../contract/swarm.ts';
import { buildTemplate, listTemplates } from '../../contract/templates.ts';
import { hostHealth, hostShutdown, slaBoard, spendToday } from '../../contract/watch.ts';
import {
  printAccount,
  printAccountTest,
  printArmed,
  printAcknowledged,
  printDisarmed,
  printKeyForgotten,
} from './print-account.ts';
import { printPnl } from './print-pnl.ts';
import { printDatasets, printFetch, printImport, printRemoved } from './print-data.ts';
import {
  printExec,
  printFile,
  printFiles,
  printLogs,
  printMetrics,
  printPool,
  printWritten,
} from './print-inspect.ts';
import { printDeadMan, printDrill } from './print-dead-man.ts';
import { printPlain } from './print-plain.ts';
import { printExecution } from './print-execution.ts';
import { printLimits } from './print-limits.ts';
import { printMarket, printMarkets, printSettings } from './print-market.ts';
import { printCancelled, printOrder, printOrders } from './print-orders.ts';
import { printPositions } from './print-positions.ts';
import { printForgotten, printProvider, printProviderTest } from './print-provider.ts';
import { printCreate, printDestroy, printSandboxes } from './print-sandboxes.ts';
import { printSimulation } from './print-simulation.ts';
import { printBacktest, printBacktests, printComparison, printExport } from './print-backtest.ts';
import { printStrategies, printStrategy } from './print-strategies.ts';
import {
  printAgents,
  printBlock,
  printDeploy,
  printKill,
  printRearm,
  printStatus,
  printStop,
  printStopAll,
  printUnblock,
} from './print-swarm.ts';
import { printTemplateBuild, printTemplates } from './print-templates.ts';
import { printHealth, printShutdown, printSla, printSpend } from './print-watch.ts';
import type { View } from './view.ts';

type Printer = (value: unknown, view: View) => string;

const printers = new Map<string, Printer>([
  printer(createSandboxes, printCreate),
  printer(listSandboxes, printSandboxes),
  printer(destroySandbox, printDestroy),
  printer(execInSandbox, printExec),
  printer(listFiles, printFiles),
  printer(readFile, printFile),
  printer(writeFile, printWritten),
  printer(sandboxLogs, printLogs),
  printer(sandboxMetrics, printMetrics),
  printer(poolStatus, printPool),
  printer(resizePool, printPool),
  printer(listTemplates, printTemplates),
  printer(buildTemplate, printTemplateBuild),
  printer(deploySwarm, printDeploy),
  printer(executeStrategy, printExecution),
  printer(swarmStatus, printStatus),
  printer(listAgents, printAgents),
  printer(stopAgent, printStop),
  printer(stopAllAgents, printStopAll),
  printer(blockEntries, printBlock),
  printer(unblockEntries, printUnblock),
  printer(killSwarm, printKill),
  printer(rearmSwarm, printRearm),
  printer(listOrders, printOrders),
  printer(showOrder, printOrder),
  printer(cancelOrders, printCancelled),
  printer(listPositions, printPositions),
  printer(showDeadMan, printDeadMan),
  printer(drillDeadMan, printDrill),
  printer(listStrategies, printStrategies),
  printer(describeStrategy, printStrategy),
  printer(listDatasets, printDatasets),
  printer(importDataset, printImport),
  printer(fetchDatasets, printFetch),
  printer(removeDataset, printRemoved),
  printer(simulateMarket, printSimulation),
  printer(runBacktest, printBacktest),
  printer(sweepBacktest, printBacktest),
  printer(listBacktests, printBacktests),
  printer(showBacktest, printBacktest),
  printer(compareBacktests, printComparison),
  printer(exportBacktest, printExport),
  printer(slaBoard, printSla),
  printer(spendToday, printSpend),
  printer(reportPnl, printPnl),
  printer(listMarkets, printMarkets),
  printer(chooseMarket, printMarket),
  printer(showLimits, printLimits),
  printer(setLimits, printLimits),
  printer(readSettings, printSettings),
  printer(changeSettings, printSettings),
  printer(showProvider, printProvider),
  printer(useProvider, printProvider),
  printer(testProvider, printProviderTest),
  printer(forgetProviderKey, printForgotten),
  printer(showAccount, printAccount),
  printer(useAccount, printAccount),
  printer(testAccount, printAccountTest),
  printer(forgetAccountKey, printKeyForgotten),
  printer(armLive, printArmed),
  printer(disarmLive, printDisarmed),
  printer(acknowledgeAccount, printAcknowledged),
  printer(hostHealth, printHealth),
  printer(hostShutdown, printShutdown),
]);

/** Finds the words for an operation's answer; one without words of its own is printed field by field. */
export function printerOf(operation: Operation): Printer {
  return printers.get(operation.name) ?? printPlain;
}

function printer<Output extends z.ZodType>(
  operation: Operation<z.ZodType, Output>,
  print: (value: z.output<Output>, view: View) => string,
): [string, Printer] {
  return [operation.name, (value, view) => print(operation.output.parse(value), view)];
}
