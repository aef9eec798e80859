// Orders, fills, what the gate refused, and positions of the account in use: one of them at a time.
import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk-context.tsx';
import { count, counted } from '../format.ts';
import { exposures, workingOrders } from '../swarm-counts.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { type TradingView, useWindow, useWindowStore } from '../window-state.ts';
import { CancelAllDialog } from './cancel-dialogs.tsx';
import { FillsView } from './fills-view.tsx';
import { OrdersView } from './orders-view.tsx';
import { PositionsView } from './positions-view.tsx';
import { RefusedView } from './refused-view.tsx';

export function TradingScreen() {
  const windowStore = useWindowStore();
  const view = useWindow((state) => state.tradingView);
  const counts = useCounts();
  // What was read and chosen belongs to one account.
  const account = useDesk((desk) => `${desk.state.mode} ${desk.state.accountNumber ?? ''}`);
  return (
    <main aria-label="Trading" className="relative flex min-h-0 min-w-0 flex-1 flex-col gap-2.5 p-4">
      <div className="flex items-center gap-2">
        <Choice
          label="View"
          value={view}
          options={[
            { value: 'orders', label: `Orders ${count(counts.orders)}` },
            { value: 'fills', label: `Fills ${count(counts.fills)}` },
            { value: 'refused', label: `Refused ${count(counts.refused)}` },
            { value: 'positions', label: `Positions ${count(counts.positions)}` },
          ]}
          onChoose={(tradingView) => windowStore.setState({ tradingView })}
        />
        <span className="flex-1" />
        <CancelAll working={counts.working} />
      </div>
      <View key={`${view} ${account}`} view={view} />
    </main>
  );
}

/** Of the account's whole life, except positions, which are the open ones. */
function useCounts() {
  const working = useDesk((desk) => workingOrders(desk.state.orders));
  const totals = useDesk((desk) => desk.state.totals);
  const positions = useDesk((desk) => exposures(desk.state, null).length);
  return { working, orders: totals.orders, fills: totals.fills, refused: totals.denied, positions };
}

const views: Readonly<Record<TradingView, () => ReactNode>> = {
  orders: () => <OrdersView />,
  fills: () => <FillsView />,
  refused: () => <RefusedView />,
  positions: () => <PositionsView />,
};

function View({ view }: { readonly view: TradingView }) {
  return views[view]();
}

function CancelAll({ working }: { readonly working: number }) {
  const connected = useDesk((desk) => desk.connected);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button disabled={working === 0 || !connected} onClick={() => setAsking(true)}>
        {working === 0 ? 'No working orders' : `Cancel ${counted(working, 'working order')}…`}
      </Button>
      <CancelAllDialog working={working} open={asking} onClose={() => setAsking(false)} />
    </>
  );
}
