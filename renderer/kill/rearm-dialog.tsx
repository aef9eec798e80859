import { useDeskClient } from '../desk-context.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

/** Releases the latch of a kill. */
export function RearmDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { call } = useDeskClient();
  return (
    <ReasonDialog
      {...props}
      title="Re-arm trading"
      description="Allows new entries after a kill. Nothing restarts by itself."
      question="Why is it safe"
      decision="Re-arm trading"
      deciding="Re-arming…"
      decide={(reason) => call('swarm.rearm', { reason })}
      outcome="Trading is re-armed. No agent was started."
    >
      <p className="text-muted">
        New entries will be allowed again. Nothing restarts by itself: stopped agents stay stopped until you
        deploy.
      </p>
    </ReasonDialog>
  );
}
