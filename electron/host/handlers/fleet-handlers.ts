// Handlers of the operations that create, list and destroy sandboxes.
import { DeskError } from '../../contract/errors.ts';
import { assertNotLatched } from '../assert-not-latched.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';
import { stopAgent } from '../swarm/stop-agents.ts';
import { viewSandbox } from '../views.ts';

type FleetOperations = 'sandboxes.create' | 'sandboxes.list' | 'sandboxes.destroy';

/** Builds the handlers over the fleet and the swarm in it. */
export function createFleetHandlers(parts: HostParts): Pick<DeskHandlers, FleetOperations> {
  const { store, fleet, meter, swarm } = parts;
  return {
    'sandboxes.create': async ({ count, template }) => {
      await parts.connected();
      assertNotLatched(parts);
      const slotIds = fleet.reserve(count, template);
      await Promise.all(slotIds.map((slotId) => fleet.open(slotId)));
      const state = store.state();
      return {
        sandboxes: slotIds
          .flatMap((slotId) => state.sandboxes[slotId] ?? [])
          .map((slot) => viewSandbox(slot, state, meter.usedMicros(slot))),
      };
    },
    'sandboxes.list': ({ all }) => {
      const state = store.state();
      const slots = Object.values(state.sandboxes).filter((slot) => all || slot.endedAt === null);
      return { sandboxes: slots.map((slot) => viewSandbox(slot, state, meter.usedMicros(slot))) };
    },
    'sandboxes.destroy': async ({ id }) => {
      const slot = fleet.aliveSlots().find((open) => open.sandboxId === id);
      if (!slot)
        throw new DeskError(
          'SANDBOX_NOT_FOUND',
          `There is no running sandbox "${id}". See list for the ids.`,
          { id },
        );
      const agents = swarm.agentsIn(slot.slotId).map((agent) => agent.agentId);
      await Promise.all(agents.map((agentId) => stopAgent(parts, agentId, 'sandbox destroyed')));
      await swarm.endSlot(slot.slotId, 'destroyed by the operator');
      return { sandboxId: id, stoppedAgents: agents };
    },
  };
}
