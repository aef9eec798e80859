// The order gate: one check through all of its rules in Rust and through the addon, and the netting of 1,000 targets.
import { z } from 'zod';
import { defaultLimits } from '../electron/contract/limits.ts';
import { createRiskGate, never, type OrderFacts } from '../electron/host/trading/risk/risk-gate.ts';
import { loadNative } from '../electron/native/load.ts';
import type { Measurement } from './measurement.ts';
import { runExample } from './run-example.ts';

const RiskReport = z.object({
  checks: z.int().positive(),
  nsPerCheck: z.number().positive(),
  nettings: z.int().positive(),
  targets: z.int().positive(),
  usPerNetting: z.number().positive(),
});

const batches = 100;
const batch = 5_000;

/** An order that passes, so that no rule is left out. */
const order: OrderFacts = {
  side: 1,
  qtyNanos: 10_000_000_000,
  isLimit: 0,
  limitTicks: null,
  timeInForce: 0,
  extendedHours: 0,
  state: 0,
  tradable: 1,
  halted: 0,
  shortable: 1,
  lotNanos: 1,
  session: 2,
  clockAgeMs: 500,
  bidTicks: 999_900,
  askTicks: 1_000_100,
  quoteAgeMs: 100,
  positionNanos: 5_000_000_000,
  workingBuyNanos: 0,
  workingSellNanos: 0,
  oppositeLimitTicks: null,
  sameOrderAgeMs: never,
  ordersLastMinute: 3,
  openOrders: 2,
  accountAgeMs: 1_000,
  equityMicros: 100_000_000_000,
  dayStartEquityMicros: 100_000_000_000,
  peakEquityMicros: 100_000_000_000,
  buyingPowerMicros: 200_000_000_000,
  reservedMicros: 0,
  otherGrossMicros: 1_000_000_000,
  otherNetHighMicros: 1_000_000_000,
  otherNetLowMicros: -1_000_000_000,
};

/** Runs the example and the gate. Rejects when cargo fails. */
export async function measureRisk(): Promise<Measurement[]> {
  const report = RiskReport.parse((await runExample('desk-core', 'bench_risk')).at(-1));
  return [
    {
      name: 'risk gate, in Rust',
      value: report.nsPerCheck,
      unit: 'ns',
      n: report.checks,
      target: 100,
      rule: 'atMost',
      note: 'all rules, whole shares, fastest of 100 batches',
    },
    {
      name: 'risk gate, through the addon',
      value: addonMicrosecondsPerCheck(),
      unit: 'µs',
      n: batches * batch,
      target: 2,
      rule: 'atMost',
      note: 'with the writing of the row, fastest of 100 batches',
    },
    {
      name: `netting of ${report.targets} targets`,
      value: report.usPerNetting,
      unit: 'µs',
      n: report.nettings,
      target: 100,
      rule: 'atMost',
      note: 'one symbol, crossed inside, in Rust, agents in the order of their numbers',
    },
  ];
}

function addonMicrosecondsPerCheck(): number {
  const gate = createRiskGate(loadNative());
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let at = 0; at < batches; at += 1) {
    const startedAt = performance.now();
    for (let check = 0; check < batch; check += 1)
      if (gate.checkOrder(order, defaultLimits) !== null) throw new Error('the order must pass');
    fastestMs = Math.min(fastestMs, performance.now() - startedAt);
  }
  return (fastestMs * 1_000) / batch;
}
