// A shell in a sandbox, above the window. Every key but the stop key is the shell's, so only its button closes it.
import { lazy, Suspense, useState } from 'react';
import { X } from 'lucide-react';
import { count } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { FaultBoundary } from '../ui/fault-boundary.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import type { TerminalStatus } from './terminal-session.ts';

const TerminalView = lazy(() => import('./terminal-view.tsx'));

export interface TerminalSheetProps {
  /** Null while no terminal is wanted. */
  readonly sandboxId: string | null;
  readonly onClose: () => void;
}

export function TerminalSheet({ sandboxId, onClose }: TerminalSheetProps) {
  return (
    <Sheet
      kind="tool"
      description="Every key but Ctrl . goes to the shell. The close button ends it."
      open={sandboxId !== null}
      onClose={onClose}
      className="flex h-[600px] max-h-full w-[920px] flex-col overflow-hidden"
    >
      {sandboxId === null ? null : <Content sandboxId={sandboxId} onClose={onClose} />}
    </Sheet>
  );
}

function Content({ sandboxId, onClose }: { readonly sandboxId: string; readonly onClose: () => void }) {
  const [status, setStatus] = useState<TerminalStatus>({ kind: 'opening' });
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line py-2.5 pr-3 pl-4">
        <SheetTitle>Terminal</SheetTitle>
        <span className="min-w-0 truncate font-mono text-label text-muted">{sandboxId}</span>
        <Button tone="quiet" size="small" className="ml-auto" aria-label="Close terminal" onClick={onClose}>
          <X size={14} aria-hidden="true" />
        </Button>
      </div>
      <div className="min-h-0 flex-1 bg-bg py-3 pr-1 pl-4">
        <FaultBoundary name="The terminal">
          <Suspense fallback={null}>
            <TerminalView sandboxId={sandboxId} onStatus={setStatus} />
          </Suspense>
        </FaultBoundary>
      </div>
      <div className="flex min-h-9 items-center gap-4 border-t border-line px-4 py-2 text-cell text-muted">
        <span role="status">{statusText(status)}</span>
        {status.kind === 'failed' ? <ErrorLine error={status.error} /> : null}
        {'droppedBytes' in status && status.droppedBytes > 0 ? (
          <span className="ml-auto text-warn">Dropped {count(status.droppedBytes)} bytes</span>
        ) : null}
      </div>
    </>
  );
}

function statusText(status: TerminalStatus): string {
  switch (status.kind) {
    case 'opening':
      return 'Opening…';
    case 'open':
      return 'Connected';
    case 'ended':
      return `Over: ${status.reason}.`;
    case 'failed':
      return '';
  }
}
