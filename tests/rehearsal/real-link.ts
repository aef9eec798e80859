// The link as the product runs it: the official SDK, the local runtime and the real runner, with a fault proxy in between.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bar } from '../../electron/contract/bar.ts';
import { createLocalProvider } from '../../electron/host/sandboxes/e2b-provider.ts';
import type { RunnerMessage } from '../../electron/host/sandboxes/link-messages.ts';
import type { SandboxProvider } from '../../electron/host/sandboxes/provider.ts';
import { openRunnerLink, type RunnerLink } from '../../electron/host/sandboxes/runner-link.ts';
import { silentLog } from '../support/followed-link.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';

const runnerFile = fileURLToPath(new URL('../../native/desk-runner', import.meta.url));
const leaseMs = 300_000;
/** Longer than any rehearsed outage: a silent runner would rightly not decide, and there would be nothing to compare. */
const hostSilenceMs = 120_000;

export interface RealLink {
  readonly proxy: FaultProxy;
  readonly provider: SandboxProvider;
  readonly metadata: Readonly<Record<string, string>>;
  readonly sandboxId: string;
  readonly link: RunnerLink;
  readonly messages: readonly RunnerMessage[];
  readonly losses: readonly string[];
  close(): Promise<void>;
}

/** Creates a sandbox through a proxy that spoils nothing yet and greets a runner with one nimble agent. */
export async function openRealLink(runtimeUrl: string, apiKey: string, desk: string): Promise<RealLink> {
  const proxy = await startFaultProxy(runtimeUrl);
  const provider = createLocalProvider({ url: proxy.url, apiKey });
  const metadata = { desk };
  const sandbox = await provider.create({ template: 'base', metadata, timeoutMs: leaseMs });
  const file = readFileSync(runnerFile);
  await sandbox.upload('./desk-runner', new Uint8Array(file).buffer);
  await sandbox.exec('chmod 755 ./desk-runner');
  const messages: RunnerMessage[] = [];
  const losses: string[] = [];
  const listener = {
    onMessage: (message: RunnerMessage) => void messages.push(message),
    // The lines that a cut stream leaves; what counts is that nothing is missing in the end.
    onBrokenLine: () => undefined,
    onLost: (reason: string) => void losses.push(reason),
  };
  const link = await openRunnerLink(sandbox, './desk-runner', listener, silentLog);
  link.send({ kind: 'hello', runnerId: desk, hostSilenceMs, agents: [nimbleAgent] });
  return {
    proxy,
    provider,
    metadata,
    sandboxId: sandbox.sandboxId,
    link,
    messages,
    losses,
    async close() {
      await link.close();
      await proxy.close();
    },
  };
}

const nimbleAgent = {
  agentId: 'momentum-1',
  strategy: 'momentum',
  symbols: ['SPX'],
  params: { fast: 2, slow: 4, roc: 2, adxPeriod: 2, atrPeriod: 3, adxFloor: 0 },
  maxPositionMicros: 5_000_000_000,
};

/** A price that turns often, so that the agent does too. */
export function turningBar(at: number): Bar {
  const close = 1_000_000 + Math.round(80_000 * Math.sin(at / 2.5)) + 10_000 * (at % 3);
  const [openTicks, highTicks, lowTicks] = [close, close + 5_000, close - 5_000];
  return { symbol: 'SPX', at: at * 60_000, openTicks, highTicks, lowTicks, closeTicks: close, volume: 100 };
}
