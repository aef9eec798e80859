import { expect, test } from 'vitest';
import { Settings } from '../../../electron/contract/market.ts';
import { withPlanLimits } from '../../../electron/host/sandboxes/plan-limits.ts';

const own = { limit: 7, createsPerSecond: 0.5, maxSessionMs: 20_000, leaseMs: 90_000 };

test.each([
  [{ kind: 'local' }, own],
  [{ kind: 'e2b', plan: 'custom' }, own],
  [{ kind: 'e2b' }, { limit: 20, createsPerSecond: 1, maxSessionMs: 3_600_000, leaseMs: 90_000 }],
  [
    { kind: 'e2b', plan: 'pro' },
    { limit: 100, createsPerSecond: 5, maxSessionMs: 86_400_000, leaseMs: 90_000 },
  ],
] as const)('%o has its limits and leaves the other settings', (provider, limits) => {
  const settings = Settings.parse({ provider, sandboxes: own });
  expect(withPlanLimits(settings)).toEqual({ ...settings, sandboxes: { ...settings.sandboxes, ...limits } });
});
