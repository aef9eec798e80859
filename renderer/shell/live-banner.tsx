// LIVE says all the time whether it may open positions, and for how long.
import { armedUntil } from '../../electron/contract/live-arming.ts';
import { useDesk, useDeskClient, useNow } from '../desk-context.tsx';
import { duration } from '../format.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

export function LiveBanner() {
  const state = useDesk((desk) => desk.state);
  const now = useNow();
  const until = armedUntil(state, now);
  return until === null ? <NotArmed /> : <Armed leftMs={until - now} />;
}

function NotArmed() {
  const windowStore = useWindowStore();
  return (
    <Banner shape="triangle" tone="warn">
      <span className="min-w-0">
        <b className="font-medium">LIVE is not armed.</b> Opening orders are refused; closing and cancelling
        pass.
      </span>
      <Button className="ml-auto" onClick={() => windowStore.setState({ dialog: 'arm' })}>
        Arm LIVE…
      </Button>
    </Banner>
  );
}

function Armed({ leftMs }: { readonly leftMs: number }) {
  const { call } = useDeskClient();
  const disarm = useRequest(async () => {
    await call('account.disarm', {});
  });
  return (
    <Banner shape="square" tone="critical">
      <span className="min-w-0">
        <b className="font-medium">LIVE is armed: agents trade real money.</b> It ends in{' '}
        <span className="live-value">{duration(leftMs)}</span> unless somebody acts.
      </span>
      <ErrorLine error={disarm.error} />
      <Button className="ml-auto" disabled={disarm.pending} onClick={() => void disarm.run()}>
        {disarm.pending ? 'Disarming…' : 'Disarm LIVE'}
      </Button>
    </Banner>
  );
}
