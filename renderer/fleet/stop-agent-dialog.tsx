import { notionalMicros } from '../../electron/contract/money.ts';
import type { Agent } from '../../electron/contract/state.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { counted, signedQuantity, wholeMoney } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

export interface StopAgentDialogProps {
  readonly agent: Agent;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks before an agent is stopped, naming what happens to what it holds. */
export function StopAgentDialog(props: StopAgentDialogProps) {
  return (
    <Sheet
      kind="alert"
      description="Closes the agent's positions, then takes it out of its sandbox."
      open={props.open}
      onClose={props.onClose}
      className="w-[460px] p-6"
    >
      <StopContent agent={props.agent} onClose={props.onClose} />
    </Sheet>
  );
}

function StopContent({ agent, onClose }: Omit<StopAgentDialogProps, 'open'>) {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const quotes = useDesk((desk) => desk.gauges?.market.quotes);
  const stop = useRequest(async () => {
    const done = await call('swarm.stop', { agentId: agent.agentId });
    const open = done.leftOpen.map((position) => `${position.symbol} ${signedQuantity(position.qtyNanos)}`);
    const text = open.length === 0 ? 'holds nothing' : `still open: ${open.join(', ')}`;
    windowStore.setState({ outcome: { text: `${agent.agentId} is stopped; ${text}.`, at: now() } });
    onClose();
  });
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3">
        <SheetTitle>Stop {agent.agentId}?</SheetTitle>
        <ModeChip mode={agent.mode} className="ml-auto" />
      </div>
      <p className="text-muted">{consequence(agent, (symbol) => quotes?.[symbol]?.lastTicks)}</p>
      <ErrorLine error={stop.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="danger" disabled={stop.pending} onClick={() => void stop.run()}>
          {stop.pending ? 'Stopping…' : `Stop ${agent.agentId}`}
        </Button>
      </div>
    </div>
  );
}

/** What stopping does to the positions, in counts and dollars. */
function consequence(agent: Agent, lastTicks: (symbol: string) => number | undefined): string {
  const positions = Object.values(agent.positions);
  const leaves = 'Then it leaves its sandbox. It does not start again by itself.';
  if (positions.length === 0) return `It holds no positions. ${leaves}`;
  let value: number | null = 0;
  for (const position of positions) {
    const price = lastTicks(position.symbol);
    value =
      value === null || price === undefined
        ? null
        : value + notionalMicros(Math.abs(position.qtyNanos), price);
  }
  const worth = value === null ? 'value unknown' : wholeMoney(value);
  return `Closes ${counted(positions.length, 'position')} (${worth}) at market. ${leaves}`;
}
