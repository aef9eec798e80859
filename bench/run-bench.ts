// Measures what the desk promises and reports it as a table and as JSON. A miss is printed as a miss.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import Table from 'cli-table3';
import { measureBroker } from './broker-figures.ts';
import { measureDesk } from './desk-figures.ts';
import { measureEngine } from './engine-figures.ts';
import { isMet, type Measurement } from './measurement.ts';
import { measureNative } from './native-figures.ts';
import { measureOrders } from './order-figures.ts';
import { measureRisk } from './risk-figures.ts';
import { measureSandboxes } from './sandbox-figures.ts';
import { measureStrategies } from './strategy-figures.ts';
import { measureWindow } from './window-figures.ts';

// Read by the SDK at its first call: each open stream holds a connection.
process.env['E2B_ENVD_RPC_CONNECTIONS'] ??= '2048';

const sections: readonly (() => Promise<Measurement[]>)[] = [
  measureNative,
  measureStrategies,
  measureRisk,
  measureEngine,
  measureBroker,
  measureOrders,
  measureWindow,
  measureDesk,
  measureSandboxes,
];

async function main(): Promise<void> {
  const measurements: Measurement[] = [];
  for (const measure of sections) measurements.push(...(await measure()));
  const report = {
    ...describeRun(),
    measurements: measurements.map((figure) => ({ ...figure, met: isMet(figure) })),
  };
  mkdirSync('bench-results', { recursive: true });
  const file = `bench-results/${report.at.replaceAll(':', '-')}.json`;
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(toTable(measurements));
  console.log(`${report.host}, commit ${report.commit}, mode ${report.mode}. As JSON: ${file}`);
}

function describeRun(): { at: string; host: string; commit: string; mode: string; node: string } {
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    host: `${cpus().length} x ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    mode: 'DEMO, simulated market, local sandboxes',
    node: process.version,
  };
}

function toTable(measurements: readonly Measurement[]): string {
  const table = new Table({
    head: ['', 'measured', 'promise', 'n', '', ''],
    style: { head: [], border: [] },
  });
  for (const figure of measurements) {
    const sign = figure.rule === 'atMost' ? '<=' : '>=';
    table.push([
      figure.name,
      `${round(figure.value)} ${figure.unit}`,
      `${sign} ${figure.target} ${figure.unit}`,
      String(figure.n),
      isMet(figure) ? 'met' : 'MISSED',
      figure.note,
    ]);
  }
  return table.toString();
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

await main();
