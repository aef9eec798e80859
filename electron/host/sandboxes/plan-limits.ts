// What a plan allows. The presets are E2B's published limits; the local runtime and `custom` go by the settings.
import type { Settings } from '../../contract/market.ts';
import type { ProviderPlan } from '../../contract/provider.ts';

const hourMs = 3_600_000;

type PlanLimits = Pick<Settings['sandboxes'], 'createsPerSecond' | 'limit' | 'maxSessionMs'>;

const presets: Readonly<Record<Exclude<ProviderPlan, 'custom'>, PlanLimits>> = {
  hobby: { createsPerSecond: 1, limit: 20, maxSessionMs: hourMs },
  pro: { createsPerSecond: 5, limit: 100, maxSessionMs: 24 * hourMs },
};

/** The settings with the limits of the chosen plan in force: creation rate, sandboxes at a time, length of a session. */
export function withPlanLimits(settings: Settings): Settings {
  const { provider, sandboxes } = settings;
  if (provider.kind === 'local' || provider.plan === 'custom') return settings;
  return { ...settings, sandboxes: { ...sandboxes, ...presets[provider.plan] } };
}
