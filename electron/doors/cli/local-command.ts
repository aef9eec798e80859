// Runs the local services alone, for use without the desk: the same two wire protocols on 127.0.0.1.
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DeskError } from '../../contract/errors.ts';
import { LocalServicesConfig } from '../../contract/local-services.ts';
import { chooseMarket, type MarketChoice } from '../../contract/market.ts';
import { type CliCommand, defineCommand } from './command.ts';

const market = chooseMarket.input.shape;

/** Which market each option is for; given with the other one it would be without effect. */
const optionsOf = {
  simulator: ['speed', 'seed', 'fills'],
  replay: ['file', 'symbol', 'barsPerSecond'],
} as const satisfies Record<MarketChoice['source'], readonly (keyof typeof market)[]>;

const LocalInput = z.object({
  market: market.source.default('simulator').describe('simulator or replay'),
  file: market.file,
  symbol: market.symbol,
  barsPerSecond: market.barsPerSecond,
  speed: market.speed,
  seed: market.seed,
  fills: market.fills,
  requestsPerMinute: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(600_000)
    .describe('Requests that the broker serves a minute before it answers 429; Alpaca serves 200'),
  stepped: z
    .boolean()
    .default(false)
    .describe('Let market time pass only on request, by POST /demo/step at the broker'),
  dataDir: z
    .string()
    .min(1)
    .optional()
    .describe("Directory for sandboxes and demo accounts; below the desk's own when left out"),
  limit: z.int().min(1).max(1_000).default(1_000).describe('Sandboxes that may run at once, 1 to 1000'),
  createsPerSecond: z
    .number()
    .min(0.1)
    .max(1_000)
    .default(1_000)
    .describe('Sandboxes created a second, 0.1 to 1000'),
  maxSession: z
    .int()
    .min(10)
    .max(30 * 86_400)
    .default(30 * 86_400)
    .describe('Longest run of a sandbox in one go, seconds; plans allow 3600 or 86400'),
  cpu: z.int().min(1).max(8).default(2).describe('Processors of a sandbox, 1 to 8'),
  memory: z.int().min(32).max(8_192).default(512).describe('Memory of a sandbox, MB'),
  disk: z.int().min(1).max(1_048_576).default(10_240).describe('Disk of a sandbox, MB'),
  isolation: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('auto isolates with bubblewrap where it works; off never does'),
  internet: z
    .enum(['never', 'as-asked'])
    .default('never')
    .describe(
      "as-asked lets a sandbox that asks for internet access share this machine's network; never does not",
    ),
});
type LocalInput = z.output<typeof LocalInput>;

/** `local`: prints where the services are and their keys as one JSON line, then serves until Ctrl-C. */
export function localCommand(): CliCommand {
  return defineCommand({
    name: 'local',
    summary: 'Run the local sandbox service and demo broker alone, until Ctrl-C.',
    input: LocalInput,
    async run(input, { io, paths, answer }) {
      const { dataDir, limit, createsPerSecond, isolation, internet } = input;
      const config = LocalServicesConfig.parse({
        dataDir: dataDir === undefined ? join(paths.dataDir, 'local') : resolve(io.cwd, dataDir),
        market: marketOf(input, io.cwd),
        isolation,
        stepped: input.stepped,
        extendedHours: true,
        requestsPerMinute: input.requestsPerMinute,
        sandboxes: {
          limit,
          createsPerSecond,
          internet,
          maxSessionS: input.maxSession,
          size: { cpuCount: input.cpu, memoryMb: input.memory, diskMb: input.disk },
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

/** Throws INVALID_INPUT for an option of the other market. */
function marketOf(input: LocalInput, cwd: string): Record<string, unknown> {
  const { market: source, file, symbol, barsPerSecond, speed, seed, fills } = input;
  const other = source === 'simulator' ? 'replay' : 'simulator';
  const foreign = optionsOf[other].filter((name) => input[name] !== undefined);
  if (foreign.length > 0) {
    const flags = foreign.map((name) => (name === 'barsPerSecond' ? '--bars-per-second' : `--${name}`));
    throw new DeskError(
      'INVALID_INPUT',
      `${flags.join(', ')} ${foreign.length === 1 ? 'is' : 'are'} for the ${other}, and the market is the ${source}; leave out or give --market ${other}`,
    );
  }
  if (source === 'simulator') return { source, speed, seed, fills };
  const path = file === undefined || file === 'sp500' ? file : resolve(cwd, file);
  return { source, symbol, barsPerSecond, file: path };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((finish) => signal.addEventListener('abort', () => finish(), { once: true }));
}
