// The linter's import rules, tried on a tree of one-line files: each wrong arrow is refused, each right one passes.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const refused: readonly (readonly [file: string, specifier: string])[] = [
  ['electron/contract/money.ts', 'e2b'],
  ['electron/contract/state.ts', 'node:fs'],
  ['electron/contract/names.ts', '../host/store.ts'],
  ['electron/daemon.ts', 'electron'],
  ['electron/cli.ts', 'electron/main'],
  ['electron/daemon.ts', '../renderer/format.ts'],
  ['electron/main.ts', 'e2b'],
  ['electron/host/host.ts', 'electron'],
  ['electron/host/host.ts', '../doors/ipc.ts'],
  ['electron/host/host.ts', '../shell/window.ts'],
  ['electron/host/host.ts', '../local/broker/broker.ts'],
  ['electron/host/host.ts', '../../renderer/format.ts'],
  ['electron/host/host.ts', 'e2b'],
  ['electron/host/store.ts', './trading/orders.ts'],
  ['electron/host/feed.ts', './host.ts'],
  ['electron/host/swarm/deploy-agents.ts', '../host.ts'],
  ['electron/host/swarm/deploy-agents.ts', 'electron'],
  ['electron/host/swarm/deploy-agents.ts', '@alpacahq/alpaca-trade-api'],
  ['electron/host/accounts/account-switch.ts', '../host.ts'],
  ['electron/host/accounts/account-switch.ts', '@alpacahq/alpaca-trade-api'],
  ['electron/host/trading/orders.ts', '../swarm/swarm.ts'],
  ['electron/host/trading/orders.ts', '../sandboxes/fleet.ts'],
  ['electron/host/trading/orders.ts', 'e2b'],
  ['electron/host/trading/kill/kill-items.ts', '../../swarm/swarm.ts'],
  ['electron/host/trading/kill/kill-items.ts', '../../host.ts'],
  ['electron/host/sandboxes/fleet.ts', '../trading/orders.ts'],
  ['electron/host/sandboxes/fleet.ts', '../../local/sandboxes/sandbox.ts'],
  ['electron/host/sandboxes/fleet.ts', '@alpacahq/alpaca-trade-api'],
  ['electron/host/spend/meter.ts', '../sandboxes/fleet.ts'],
  ['electron/host/watch/latency.ts', '../swarm/swarm.ts'],
  ['electron/host/reports/weekly.ts', '../handlers/handlers.ts'],
  ['electron/host/handlers/handlers.ts', '../../doors/ipc.ts'],
  ['electron/host/store.ts', './handlers/handlers.ts'],
  ['electron/native/load.ts', '../host/store.ts'],
  ['electron/local/broker/broker.ts', '../../host/clock.ts'],
  ['electron/local/sandboxes/sandbox.ts', 'e2b'],
  ['electron/local/sandboxes/sandbox.ts', 'electron'],
  ['electron/doors/control-socket.ts', 'electron'],
  ['electron/doors/cli/run.ts', 'electron'],
  ['electron/doors/cli/run.ts', '../../shell/window.ts'],
  ['electron/doors/ipc.ts', 'e2b'],
  ['electron/shell/window.ts', '../local/broker/broker.ts'],
  ['electron/shell/window.ts', '../../renderer/format.ts'],
  ['renderer/app.tsx', '../electron/host/store.ts'],
  ['renderer/overview/page.tsx', '../../electron/shell/window.ts'],
  ['renderer/app.tsx', 'electron'],
  ['renderer/app.tsx', 'node:fs'],
  ['renderer/app.tsx', 'e2b'],
];

const allowed: readonly (readonly [file: string, specifier: string])[] = [
  ['electron/contract/money.ts', 'zod'],
  ['electron/contract/money.ts', './names.ts'],
  ['electron/main.ts', 'electron'],
  ['electron/preload.ts', 'electron'],
  ['electron/shell/window.ts', 'electron'],
  ['electron/doors/ipc.ts', 'electron'],
  ['electron/doors/control-socket.ts', '../contract/desk.ts'],
  ['electron/host/host.ts', './swarm/swarm.ts'],
  ['electron/host/swarm/deploy-agents.ts', '../trading/orders.ts'],
  ['electron/host/swarm/deploy-agents.ts', '../../contract/swarm.ts'],
  ['electron/host/trading/orders.ts', '@alpacahq/alpaca-trade-api'],
  ['electron/host/trading/orders.ts', '../../native/load.ts'],
  ['electron/host/sandboxes/fleet.ts', 'e2b'],
  ['electron/host/sandboxes/fleet.ts', '../spend/meter.ts'],
  ['electron/host/sandboxes/fleet.ts', '../../contract/sandboxes.ts'],
  ['electron/local/broker/broker.ts', '../../contract/local-services.ts'],
  ['electron/local/broker/broker.ts', '../../native/load.ts'],
  ['renderer/app.tsx', '../electron/contract/state.ts'],
  ['renderer/app.tsx', 'react'],
  ['renderer/overview/page.tsx', '../shell/header.tsx'],
];

let tree = '';
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'layer-rules-'));
  copyFileSync('.oxlintrc.json', join(tree, '.oxlintrc.json'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Of `cases`, the ones that the linter refuses for their import. */
function refusals(cases: typeof refused): string[] {
  const lines = new Map<string, string[]>();
  for (const [file, specifier] of cases) lines.set(file, [...(lines.get(file) ?? []), specifier]);
  rmSync(join(tree, 'electron'), { recursive: true, force: true });
  rmSync(join(tree, 'renderer'), { recursive: true, force: true });
  for (const [file, specifiers] of lines) {
    const path = join(tree, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, specifiers.map((specifier) => `import '${specifier}';\n`).join(''));
  }
  const { stdout } = spawnSync(resolve('node_modules/.bin/oxlint'), ['--format', 'unix'], {
    cwd: tree,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/^(\S+?):(\d+):\d+: .*no-restricted-imports/gm)].map(
    ([, file = '', line = '0']) => {
      const path = file.replace(`${tree}/`, '');
      return `${path} <- ${lines.get(path)?.[Number(line) - 1]}`;
    },
  );
}

const arrows = (cases: typeof refused): string[] =>
  cases.map(([file, specifier]) => `${file} <- ${specifier}`);

test('refuses every import against the arrows of the design', () => {
  expect(refusals(refused).toSorted()).toEqual(arrows(refused).toSorted());
});

test('lets every import along the arrows pass', () => {
  expect(refusals(allowed)).toEqual([]);
});
