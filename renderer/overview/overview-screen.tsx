// The first screen: live, safe, in SLA, in budget, who needs me.
import { useDesk } from '../desk-context.tsx';
import { Button } from '../ui/button.tsx';
import { usePolled } from '../use-polled.ts';
import { useWindowStore } from '../window-state.ts';
import { LatencyCard } from './latency-card.tsx';
import { NeedsYou } from './needs-you.tsx';
import { SlaBoard } from './sla-board.tsx';
import { SpendCard } from './spend-card.tsx';
import { Tiles } from './tiles.tsx';

export function OverviewScreen() {
  const spend = usePolled('spend.today', { points: 96 }, 5_000);
  const hasAgents = useDesk((desk) => Object.keys(desk.state.agents).length > 0);
  return (
    <main aria-label="Overview" className="flex min-h-0 min-w-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
      {hasAgents ? null : <FirstStep />}
      <Tiles day={spend.value} />
      <div className="grid flex-[1_0_280px] grid-cols-[1.22fr_1fr] max-[1240px]:grid-cols-2 gap-3">
        <SpendCard spend={spend} />
        <SlaBoard />
      </div>
      <div className="grid flex-[1.08_0_290px] grid-cols-[1.22fr_1fr] max-[1240px]:grid-cols-2 gap-3">
        <LatencyCard />
        <NeedsYou />
      </div>
    </main>
  );
}

function FirstStep() {
  const windowStore = useWindowStore();
  const hasMarket = useDesk((desk) => desk.state.market !== null);
  const isDemo = useDesk((desk) => desk.state.mode === 'demo');
  return (
    <section
      aria-label="First step"
      className="flex items-center gap-4 rounded-card border border-line bg-surface px-3.5 py-3"
    >
      <div className="min-w-0">
        <h2 className="font-medium">No agents yet</h2>
        <p className="text-cell text-muted">
          {hasMarket
            ? 'Deploy a swarm to start. The price is shown before anything is spent.'
            : 'The market is not connected. Look at the settings.'}
        </p>
      </div>
      <div className="ml-auto flex gap-2">
        <Button onClick={() => windowStore.setState({ dialog: 'settings' })}>
          {isDemo ? 'Choose the market' : 'Choose the account'}
        </Button>
        <Button tone="primary" keys="N" onClick={() => windowStore.setState({ dialog: 'deploy' })}>
          Deploy agents
        </Button>
      </div>
    </section>
  );
}
