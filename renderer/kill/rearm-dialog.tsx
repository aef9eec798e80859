import { isWide, scopeWords } from '../../electron/contract/kill-scope.ts';
import { useDeskClient } from '../desk-context.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { useWindow } from '../window-state.ts';

/** Releases the latch of a kill. */
export function RearmDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { call } = useDeskClient();
  const scope = useWindow((state) => state.rearmScope);
  const what = isWide(scope) ? 'trading' : scopeWords(scope);
  return (
    <ReasonDialog
      {...props}
      title={`Re-arm ${what}`}
      description="Allows new entries after a kill. Nothing restarts by itself."
      question="Why is it safe"
      decision={`Re-arm ${what}`}
      deciding="Re-arming…"
      decide={(reason) => call('swarm.rearm', { scope, reason })}
      outcome={`Re-armed ${what}. No agent was started.`}
    >
      <p className="text-muted">
        {isWide(scope) ? 'New entries will be allowed again.' : `The latch on ${what} is released.`} Nothing
        restarts by itself: stopped agents stay stopped until you deploy.
      </p>
    </ReasonDialog>
  );
}
