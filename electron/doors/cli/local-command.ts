// Runs the local services alone, for use without the desk: the same two wire protocols on 127.0.0.1.
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LocalServicesConfig } from '../../contract/local-services.ts';
import { chooseMarket } from '../../contract/market.ts';
import { type CliCommand, defineCommand } from './command.ts';

const market = chooseMarket.input.shape;

const LocalInput = z.object({
  market: market.source.default('simulator').describe('simulator or replay'),
  file: market.file,
  symbol: market.symbol,
  barsPerSecond: market.barsPerSecond,
  speed: market.speed,
  seed: market.seed,
  dataDir: z
    .string()
    .min(1)
    .optional()
    .describe("Directory for sandboxes and demo accounts; below the desk's own when left out"),
});

/** `local`: prints where the services are and their keys as one JSON line, then serves until Ctrl-C. */
export function localCommand(): CliCommand {
  return defineCommand({
    name: 'local',
    summary: 'Run the local sandbox service and demo broker alone, until Ctrl-C.',
    input: LocalInput,
    async run({ market: source, dataDir, file, ...choice }, { io, paths, answer }) {
      const config = LocalServicesConfig.parse({
        dataDir: dataDir === undefined ? join(paths.dataDir, 'local') : resolve(io.cwd, dataDir),
        market: {
          source,
          ...choice,
          ...(file === undefined ? {} : { file: file === 'sp500' ? file : resolve(io.cwd, file) }),
        },
      });
      const services = await io.startLocalServices(config);
      try {
        answer(services.ready, () => JSON.stringify(services.ready));
        await aborted(io.interrupt);
      } finally {
        await services.close();
      }
    },
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((finish) => signal.addEventListener('abort', () => finish(), { once: true }));
}
