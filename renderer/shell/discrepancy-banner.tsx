// Positions that differ from the broker's, until an operator has looked at both versions.
import type { DeskState } from '../../electron/contract/state.ts';
import { useDesk } from '../desk-context.tsx';
import { counted } from '../format.ts';
import { timeWithZone } from '../format-time.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { useWindowStore } from '../window-state.ts';

export function DiscrepancyBanner() {
  const windowStore = useWindowStore();
  const discrepancy = useDesk((desk) => desk.state.discrepancy);
  if (!discrepancy) return null;
  return (
    <Banner shape="triangle" tone="critical">
      <span className="min-w-0">
        <b className="font-medium">
          {differing(discrepancy)} from the broker’s since {timeWithZone(discrepancy.since)}.
        </b>{' '}
        Positions may only shrink until somebody has looked.
      </span>
      <Button className="ml-auto" onClick={() => windowStore.setState({ dialog: 'acknowledge' })}>
        Compare…
      </Button>
    </Banner>
  );
}

function differing({ positions, cash }: NonNullable<DeskState['discrepancy']>): string {
  const some = counted(positions.length, 'position differs', 'positions differ');
  if (!cash) return some;
  return positions.length === 0
    ? 'The cash differs'
    : `The cash and ${counted(positions.length, 'position')} differ`;
}
