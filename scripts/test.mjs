// Runs every check and every test; the last line says how many passed and failed.
//   node scripts/test.mjs [--only static|rust|unit|e2e]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { countCargo, countPlaywright, countVitest, judge, summary } from './test-counts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const manifest = ['--manifest-path', join('native', 'Cargo.toml')];
const partMs = 30 * 60_000;
const nothing = { passed: 0, failed: 0, failures: [] };

const check = (name, command, args) => ({ group: 'static', name, run: () => runCheck(command, args) });
const parts = [
  check('cargo fmt', 'cargo', ['fmt', ...manifest, '--all', '--check']),
  check('cargo clippy', 'cargo', ['clippy', ...manifest, '--all-targets', '--', '-D', 'warnings']),
  check('tsc', bin('tsc'), ['--noEmit']),
  check('oxlint', bin('oxlint'), ['--type-aware', '--deny-warnings']),
  check('biome format', bin('biome'), ['format']),
  check('knip', bin('knip'), []),
  { group: 'rust', name: 'cargo test', run: runCargoTest },
  { group: 'unit', name: 'vitest', needsBuild: true, run: runVitest },
  { group: 'e2e', name: 'playwright', needsBuild: true, run: runPlaywright },
];

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const chosen = parts.filter((part) => only === undefined || part.group === only);
if (chosen.length === 0) {
  console.error(`test: --only takes static, rust, unit or e2e; got "${only}".`);
  process.exit(2);
}

ensureSystemPackages({ window: true, tests: true });
const reports = mkdtempSync(join(tmpdir(), 'neural-trader-test-'));
const results = [];
try {
  // Also for the checks: tsc reads the declarations that the addon's build writes.
  const built = await attempt(build);
  for (const part of chosen) {
    console.log(`\n== ${part.name}`);
    const blocked = part.needsBuild ? built.error : null;
    const result = blocked ? judge(nothing, blocked) : await part.run();
    results.push({ name: part.name, ...result });
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}

console.log('\n== results');
for (const { name, passed, failed, reason, failures } of results) {
  const mark = failed === 0 ? 'ok    ' : 'FAILED';
  console.log(`${mark} ${name}: ${passed} passed, ${failed} failed${reason === null ? '' : ` (${reason})`}`);
  for (const failure of failures) console.log(`         ${failure}`);
}
process.exitCode = results.every((result) => result.failed === 0) ? 0 : 1;
console.log(summary(results));

async function runCheck(command, args) {
  const { error } = await attempt(() => run(command, args, { cwd: root, timeoutMs: partMs, show: true }));
  return judge({ ...nothing, passed: error === null ? 1 : 0 }, error);
}

async function runCargoTest() {
  const args = ['test', ...manifest, '--workspace', '--no-fail-fast'];
  const { value, error } = await attempt(() =>
    run('cargo', args, { cwd: root, timeoutMs: partMs, show: true }),
  );
  return judge(countCargo(value ?? error.stdout), error);
}

function runVitest() {
  const report = join(reports, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return runReported(bin('vitest'), args, report, countVitest, process.env);
}

function runPlaywright() {
  const report = join(reports, 'playwright.json');
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  return runReported(bin('playwright'), ['test', '--reporter=list,json'], report, countPlaywright, env);
}

async function runReported(command, args, report, count, env) {
  const { error } = await attempt(() =>
    run(command, args, { cwd: root, env, timeoutMs: partMs, show: true }),
  );
  const counted = await attempt(async () => count(readFileSync(report, 'utf8')));
  if (counted.error) return judge(nothing, error ?? counted.error);
  return judge(counted.value, error);
}

async function attempt(work) {
  try {
    return { value: await work(), error: null };
  } catch (error) {
    return { value: null, error };
  }
}
