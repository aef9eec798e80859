// One press: price it, reserve the leases, put the agents on record, bring up their sandboxes side by side.
import { randomBytes } from 'node:crypto';
import { DeskError, isErrorCode } from '../../contract/errors.ts';
import { isSpendSimulated } from '../../contract/simulated.ts';
import { shownLimits } from '../../contract/limits.ts';
import { MICROS_PER_USD } from '../../contract/money.ts';
import type { Actor } from '../../contract/names.ts';
import type { OutputOf, ParsedInputOf } from '../../contract/define-operation.ts';
import type { deploySwarm, previewDeploy } from '../../contract/deploy.ts';
import type { Settings } from '../../contract/market.ts';
import { paramsInForce } from '../../contract/strategy-input.ts';
import type { Native, StrategyRefusal } from '../../native/load.ts';
import type { LiveArming } from '../accounts/live-arming.ts';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { Meter } from '../spend/meter.ts';
import { cardLabel } from '../spend/rate-card.ts';
import type { Store } from '../store.ts';
import type { Trading } from '../trading/trading.ts';
import type { Latency } from '../watch/latency.ts';
import { assertStrategyArmed } from './assert-strategy-armed.ts';
import { assertDensity, cheapestDensity, dealOut, placements } from './placement.ts';
import type { Swarm } from './swarm.ts';

const dayS = 86_400;

type DeployInput = ParsedInputOf<typeof deploySwarm>;

export interface DeployParts {
  readonly native: Pick<Native, 'checkStrategy'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly arming: Pick<LiveArming, 'assertMayOpen'>;
  readonly trading: Trading;
  readonly swarm: Swarm;
  readonly latency: Latency;
  readonly settings: () => Settings;
}

/** Deploys a swarm. Resolves when its agents decide; rejects when none could be brought up. */
export function deployAgents(
  parts: DeployParts,
  input: DeployInput,
  actor: Actor,
): Promise<OutputOf<typeof deploySwarm>> {
  assertOpen(parts.store);
  assertStrategyArmed(parts.store.state(), input.agent);
  parts.arming.assertMayOpen();
  assertDeployable(parts, input);
  return parts.latency.measure('deploy', () => deploy(parts, input, actor));
}

async function deploy(
  parts: DeployParts,
  input: DeployInput,
  actor: Actor,
): Promise<OutputOf<typeof deploySwarm>> {
  const { store, clock, fleet, swarm } = parts;
  const startedAt = clock.monotonicMs();
  const swarmId = `swarm-${randomBytes(4).toString('hex')}`;
  const groups = dealOut(
    nextAgentIds(store, input.agent, input.count),
    input.perSandbox ??
      cheapestDensity(input.count, parts.settings().sandboxes, parts.settings().sandboxes).perSandbox,
  );
  const slotIds = fleet.reserve(groups.length, fleet.runnerTemplate(), { warm: true });
  const at = clock.now();
  for (const [index, slotId] of slotIds.entries()) {
    for (const agentId of groups[index] ?? []) {
      store.commit({
        kind: 'AgentDeployed',
        at,
        agentId,
        swarmId,
        strategy: input.agent,
        symbols: input.symbols,
        // With the defaults, so that a later start with other defaults runs the same.
        params: paramsInForce(input.agent, input.params),
        slotId,
        mode: store.state().mode,
        maxPositionMicros: positionMicros(input),
        plannedEndAt: at + Math.round(input.hours * 3_600_000),
        actor,
      });
    }
  }
  const reservedMicros = slotIds.reduce(
    (sum, slotId) => sum + (store.state().sandboxes[slotId]?.reservedMicros ?? 0),
    0,
  );
  const launches = await Promise.allSettled(
    slotIds.map((slotId) => swarm.launch(slotId, swarm.agentsIn(slotId))),
  );
  const failures = launches.filter((launch) => launch.status === 'rejected');
  if (failures.length === launches.length) throw firstReason(failures);
  return {
    swarmId,
    agentIds: groups.flat().sort(),
    sandboxes: slotIds.length,
    reservedMicros,
    tookMs: clock.monotonicMs() - startedAt,
  };
}

function firstReason(failures: readonly PromiseRejectedResult[]): unknown {
  const reason: unknown = failures[0]?.reason;
  return reason instanceof DeskError
    ? reason
    : new DeskError(
        'SANDBOX_UNAVAILABLE',
        `No sandbox could be brought up: ${String(reason)}`,
        {},
        { cause: reason },
      );
}

/** Refuses before anything is spent what a runner would refuse after. */
function assertDeployable({ native, trading, settings }: DeployParts, input: DeployInput): void {
  const { agent, symbols, params } = input;
  const refusal = native.checkStrategy(agent, symbols.length, params, positionMicros(input));
  if (refusal) throw strategyRefused(refusal);
  trading.assertTradable(symbols);
  const { sandboxes } = settings();
  assertDensity(input.perSandbox, sandboxes, sandboxes);
}

function strategyRefused({ code, message, param }: StrategyRefusal): DeskError {
  const field = param === undefined ? '' : `params.${param}`;
  return new DeskError(isErrorCode(code) ? code : 'INVALID_INPUT', message, { issues: [{ field, message }] });
}

function positionMicros({ maxPosition }: DeployInput): number {
  return Math.round(maxPosition * MICROS_PER_USD);
}

function assertOpen(store: Store): void {
  const { entries } = store.state();
  if (entries.kind === 'latched') {
    throw new DeskError(
      'KILL_LATCHED',
      'The kill switch is latched. Re-arm it with a reason before deploying.',
      { killId: entries.killId },
    );
  }
  if (entries.kind === 'blocked') {
    throw new DeskError(
      'ENTRIES_BLOCKED',
      `New entries are blocked (${entries.reason}). Unblock them before deploying.`,
      {},
    );
  }
}

function nextAgentIds(store: Store, strategy: string, count: number): string[] {
  const taken = Object.keys(store.state().agents)
    .filter((agentId) => agentId.startsWith(`${strategy}-`))
    .map((agentId) => Number(agentId.slice(strategy.length + 1)));
  const first = Math.max(0, ...taken) + 1;
  return Array.from({ length: count }, (_, index) => `${strategy}-${String(first + index).padStart(2, '0')}`);
}

/** Prices a deployment without making it. */
export function previewDeployment(parts: DeployParts, input: DeployInput): OutputOf<typeof previewDeploy> {
  const { store, fleet, meter } = parts;
  assertDeployable(parts, input);
  const { sandboxes } = parts.settings();
  const { limits } = store.state();
  const size = { cpuCount: sandboxes.cpuCount, memoryMb: sandboxes.memoryMb };
  const availableMicros = meter.availableMicros();
  const options = placements(input.count, input.perSandbox, input.hours, meter.card, size, sandboxes).map(
    (option) => ({
      ...option,
      fits: option.planMicros <= availableMicros,
    }),
  );
  const chosen = options.find((option) => option.chosen);
  const needed = chosen?.sandboxes ?? 1;
  return {
    options,
    boundBy: cheapestDensity(input.count, sandboxes, size).bound,
    rateCard: cardLabel(meter.card),
    simulatedPrice: isSpendSimulated(store.state()),
    spentMicros: meter.accruedMicros(),
    availableMicros,
    budgetMicros: store.state().spend.budgetMicros,
    exitReserveMicros: store.state().spend.exitReserveMicros,
    leaseMicros: needed * meter.leaseMicros(size, sandboxes.leaseMs),
    leaseMs: sandboxes.leaseMs,
    sandboxesAlive: fleet.aliveSlots().length,
    sandboxLimit: sandboxes.limit,
    createsPerSecond: sandboxes.createsPerSecond,
    readyInMs: readyInMs(parts, needed),
    limits: shownLimits(limits),
  };
}

/** The queue as it stands, plus what a creation and the start of a runner took here at P95; null until 20 of each were measured. */
function readyInMs({ fleet, latency }: DeployParts, needed: number): number | null {
  const createMs = latency.summary('create', dayS).p95Ms;
  const bringUpMs = latency.summary('bring-up', dayS).p95Ms;
  if (createMs === null || bringUpMs === null) return null;
  const warm = fleet.aliveSlots().filter((slot) => slot.pooled && slot.phase === 'paused').length;
  return Math.round(fleet.creationEtaMs(Math.max(0, needed - warm), createMs) + bringUpMs);
}
