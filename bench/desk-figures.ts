// The desk's own promises, measured on the real app in DEMO: Electron's main process, real sandboxes, real SDK calls.
import { setTimeout as sleep } from 'node:timers/promises';
import { hostHealth, slaBoard } from '../electron/contract/watch.ts';
import { deploySwarm } from '../electron/contract/deploy.ts';
import { connectDesk, type DeskClient } from '../electron/doors/control-client.ts';
import { resolvePaths } from '../electron/host/paths.ts';
import { type Measurement, percentile } from './measurement.ts';
import { withDesk } from './with-desk.ts';

const smallDeploys = 20;
const largeDeploys = 3;
const statusCalls = 2_000;
const startMs = 30_000;
/** Two full windows of the event-loop sampler. */
const settleMs = 25_000;

/** Starts one desk and measures deploys, status and event-loop delay on it. */
export function measureDesk(): Promise<Measurement[]> {
  return withDesk(async ({ home }) => {
    const desk = await connectWhenUp(
      resolvePaths({ ...process.env, NEURAL_TRADER_HOME: home }, process.platform).controlSocket,
    );
    try {
      await desk.call('settings.change', { budget: 1_000 });
      const small = await deployTimes(desk, { count: 3 }, smallDeploys);
      const large = await deployTimes(desk, { count: 100, perSandbox: 10 }, largeDeploys - 1);
      const [last] = await deployTimes(desk, { count: 100, perSandbox: 10 }, 1, false);
      const status = await statusRow(desk);
      await sleep(settleMs);
      const health = hostHealth.output.parse(await desk.call('host.health', {}));
      if (last === undefined || health.loopDelayP99Ms === null || status.p99Ms === null)
        throw new Error('the desk left a figure unmeasured');
      return [
        {
          name: 'deploy 3 agents, P95',
          value: percentile(small, 0.95),
          unit: 'ms',
          n: small.length,
          target: 1_500,
          rule: 'atMost',
          note: 'press to deciding, 3 a sandbox',
        },
        {
          name: 'deploy 100 agents, slowest',
          value: Math.max(...large, last),
          unit: 'ms',
          n: large.length + 1,
          target: 5_000,
          rule: 'atMost',
          note: '10 a sandbox',
        },
        {
          name: 'status from memory, P99',
          value: status.p99Ms,
          unit: 'ms',
          n: status.n,
          target: 1,
          rule: 'atMost',
          note: 'in the host, 100 agents',
        },
        {
          name: 'main event-loop delay, P99',
          value: health.loopDelayP99Ms,
          unit: 'ms',
          n: 1,
          target: 20,
          rule: 'atMost',
          note: `${health.runtime}, 100 agents trading, 10 s window`,
        },
      ];
    } finally {
      desk.close();
    }
  });
}

/** The window is there before its host: tries until the control socket answers. */
async function connectWhenUp(controlSocket: string): Promise<DeskClient> {
  const until = Date.now() + startMs;
  for (;;) {
    try {
      return await connectDesk(controlSocket, 1_000);
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(100);
    }
  }
}

async function deployTimes(
  desk: DeskClient,
  input: { count: number; perSandbox?: number },
  times: number,
  stop = true,
): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const startedAt = performance.now();
    deploySwarm.output.parse(
      await desk.call('swarm.deploy', { agent: 'momentum', symbols: ['AAPL', 'MSFT', 'GOOGL'], ...input }),
    );
    took.push(performance.now() - startedAt);
    if (stop) await desk.call('swarm.stopAll', {});
  }
  return took;
}

async function statusRow(desk: DeskClient): Promise<{ n: number; p99Ms: number | null }> {
  for (let call = 0; call < statusCalls; call += 1) await desk.call('swarm.status', {});
  const board = slaBoard.output.parse(await desk.call('sla.board', { windowS: 60 }));
  const row = board.rows.find((candidate) => candidate.operation === 'status');
  if (!row) throw new Error('the board has no row for status');
  return row;
}
