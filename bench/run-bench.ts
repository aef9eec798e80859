// Measures what the desk promises and reports it as a table and as JSON. A miss is printed as a miss.
import { execFileSync, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { measureBroker } from './broker-figures.ts';
import { measureDesk } from './desk-figures.ts';
import { measureEngine } from './engine-figures.ts';
import { measureKill } from './kill-figures.ts';
import { isMet, Measurement } from './measurement.ts';
import { measureNative } from './native-figures.ts';
import { measureOrders } from './order-figures.ts';
import { measureRisk } from './risk-figures.ts';
import { measureSandboxes } from './sandbox-figures.ts';
import { measureStrategies } from './strategy-figures.ts';
import { measureWindow } from './window-figures.ts';

// Read by the SDK at its first call: each open stream holds a connection.
process.env['E2B_ENVD_RPC_CONNECTIONS'] ??= '2048';

const sections: ReadonlyMap<string, () => Promise<Measurement[]>> = new Map([
  ['native', measureNative],
  ['strategies', measureStrategies],
  ['risk', measureRisk],
  ['engine', measureEngine],
  ['broker', measureBroker],
  ['orders', measureOrders],
  ['kill', measureKill],
  ['window', measureWindow],
  ['desk', measureDesk],
  ['sandboxes', measureSandboxes],
]);

async function main(chosen: readonly string[]): Promise<void> {
  const measurements: Measurement[] = [];
  for (const section of chosen) measurements.push(...(await measureApart(section)));
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

/** Each section has a process of its own: what one leaves in memory must not slow the next. */
function measureApart(section: string): Promise<Measurement[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [section]);
    let measured: unknown = null;
    child.once('message', (message) => {
      measured = message;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(Measurement.array().parse(measured));
      else reject(new Error(`The section ${section} ended with exit code ${code}.`));
    });
  });
}

async function measureSection(section: string): Promise<void> {
  const measured = await sections.get(section)?.();
  process.send?.(measured, () => process.exit(0));
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

const names = process.argv.slice(2);
const unknown = names.find((name) => !sections.has(name));
if (unknown !== undefined) {
  console.error(
    `There is no section "${unknown}"; choose from ${[...sections.keys()].join(', ')}, or none for all.`,
  );
  process.exit(2);
}
// A child that measures one section reports to its parent; what the user starts has none.
await (process.send
  ? measureSection(String(names[0]))
  : main(names.length > 0 ? names : [...sections.keys()]));
