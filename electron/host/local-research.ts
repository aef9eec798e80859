// Research without a host: the same runner and handlers, inside whoever asks.
import type { WorkGauge } from '../contract/frames.ts';
import { loadNative } from '../native/load.ts';
import { createBacktestHandlers } from './handlers/backtest-handlers.ts';
import { systemClock } from './clock.ts';
import { createDispatch } from './dispatch.ts';
import type { Log } from './log.ts';
import { sampleFile } from './market-sources.ts';
import type { DeskPaths } from './paths.ts';
import { createBacktestStore } from './research/backtest-store.ts';
import { createBacktests } from './research/backtests.ts';
import { createDatasetLookup } from './research/dataset-lookup.ts';

export interface LocalResearch {
  /** Runs an operation on backtests. Rejects with a DeskError. */
  call(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  work(): readonly WorkGauge[];
  /** Cancels what runs and waits for it. */
  close(): Promise<void>;
}

type ResearchPaths = Pick<DeskPaths, 'dataDir' | 'backtests' | 'scratch'>;

/** Opens research on the reports of a data directory. Throws NATIVE_MISSING. No journal is written: that is the host's. */
export function openLocalResearch(paths: ResearchPaths, log: Log): LocalResearch {
  const native = loadNative();
  const backtestStore = createBacktestStore(paths.backtests);
  const backtests = createBacktests({
    native,
    clock: systemClock,
    lookup: createDatasetLookup({ native, dataDir: paths.dataDir, sampleFile }),
    scratch: paths.scratch,
    store: backtestStore,
    onFinished: () => undefined,
  });
  const dispatch = createDispatch(
    createBacktestHandlers({ backtests, backtestStore }),
    log,
    systemClock.monotonicMs,
    () => undefined,
  );
  return {
    call: (name, input, signal) => dispatch(name, input, { actor: 'cli', signal }),
    work: backtests.work,
    close: backtests.close,
  };
}
