import type { ReactNode } from 'react';
import { isMoneySimulated } from '../../electron/contract/simulated.ts';
import { useDesk } from '../desk-context.tsx';

const words = {
  demo: 'simulated market, no figure here is of real money',
  paper: 'real market, no figure here is of real money',
  live: 'real money',
} as const;

/** The line under a view: what it holds, and whether any of it is real. */
export function ViewSummary({ children }: { readonly children: ReactNode }) {
  const mode = useDesk((desk) => desk.state.mode);
  return (
    <div className="text-cell leading-5 text-dim">
      <span className="live-value">{children}</span>
      {' · '}
      <span className={isMoneySimulated(mode) ? '' : 'text-critical'}>
        {mode.toUpperCase()}, {words[mode]}
      </span>
    </div>
  );
}
