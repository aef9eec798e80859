// The right half of the deploy sheet: what it will cost, what is left, what bounds it, and the button that spends it.
import type { DeskError } from '../../electron/contract/errors.ts';
import type { Mode } from '../../electron/contract/names.ts';
import { useDesk } from '../desk-context.tsx';
import { count, counted, duration, infraCost, latency, money, wholeMoney } from '../format.ts';
import { Bar } from '../ui/bar.tsx';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { ErrorLine } from '../ui/error-line.tsx';
import { FactLines } from '../ui/facts.tsx';
import { Glyph } from '../ui/glyph.tsx';
import type { ParsedDraft } from './deploy-draft.ts';
import { PlacementOptions } from './placement-options.tsx';
import type { DeployPrice, PriceState } from './use-price.ts';

export interface PricePanelProps {
  readonly parsed: ParsedDraft;
  readonly price: PriceState;
  /** Something must be corrected, or a deployment is at work. */
  readonly disabled: boolean;
  readonly pending: boolean;
  readonly error: DeskError | null;
  readonly onPlacement: (perSandbox: number) => void;
}

export function PricePanel(props: PricePanelProps) {
  const { price, current } = props.price;
  const agents = props.parsed.ok ? (props.parsed.input.count ?? 1) : null;
  return (
    <section
      aria-label="What it will cost"
      aria-busy={props.parsed.ok && !current && props.error === null}
      className="flex min-h-[526px] flex-col overflow-y-auto gap-3.5 rounded-r-sheet border-l border-line bg-bg px-5 py-5"
    >
      <h3 className="text-label text-dim">What it will cost</h3>
      {price && props.parsed.ok ? (
        <div className={classNames('grid gap-3.5', !current && 'opacity-50')}>
          <Price price={price} agents={agents} parsed={props.parsed} />
          <PlacementOptions options={price.options} boundBy={price.boundBy} onChoose={props.onPlacement} />
          <Bounds price={price} />
        </div>
      ) : (
        <p className="text-muted">
          {props.parsed.ok ? 'Asking for the price…' : 'Correct the marked fields first.'}
        </p>
      )}
      <div className="mt-auto grid gap-2 pt-1">
        <ErrorLine error={props.error} />
        <EntriesWarning />
        <Button
          type="submit"
          tone="primary"
          size="large"
          keys="Ctrl Enter"
          aria-keyshortcuts="Control+Enter"
          disabled={props.disabled}
        >
          {props.pending ? 'Deploying…' : agents === null ? 'Deploy' : `Deploy ${counted(agents, 'agent')}`}
        </Button>
        <AccountNote />
      </div>
    </section>
  );
}

function Price(props: {
  readonly price: DeployPrice;
  readonly agents: number | null;
  readonly parsed: ParsedDraft;
}) {
  const { price } = props;
  const chosen = price.options.find((option) => option.chosen);
  if (!chosen) return <p className="text-warn">No placement can carry this swarm. Ask for fewer agents.</p>;
  const after = price.spentMicros + chosen.planMicros;
  const hours = props.parsed.ok ? `${props.parsed.input.hours} h, ` : '';
  const whole = Math.max(price.budgetMicros, 1);
  return (
    <>
      <div>
        <p className="text-tile font-semibold tracking-[-0.01em]">{infraCost(chosen.planMicros)}</p>
        <p className="text-cell text-muted">
          {props.agents === null ? '' : `${counted(props.agents, 'agent')} in `}
          {counted(chosen.sandboxes, 'sandbox', 'sandboxes')}, {hours}
          {price.rateCard}
          {price.simulatedPrice ? ', simulated' : ''}
        </p>
        {price.simulatedPrice ? (
          <p className="text-label text-dim">Local sandboxes priced as if rented. Nobody sends a bill.</p>
        ) : null}
      </div>
      <div className="grid gap-1.5">
        <Bar
          className="h-1.5"
          parts={[
            { share: price.spentMicros / whole, className: 'bg-muted' },
            { share: chosen.planMicros / whole, className: chosen.fits ? 'bg-accent' : 'bg-warn' },
          ]}
        />
        <div className="flex text-cell text-muted">
          <span>spent {money(price.spentMicros)}</span>
          <span className={classNames('ml-auto', !chosen.fits && 'text-warn')}>
            after: {money(after)} of {money(price.budgetMicros)}
          </span>
        </div>
        {chosen.fits ? null : (
          <p className="flex items-start gap-1.5 text-cell text-warn">
            <Glyph shape="triangle" className="mt-[3px]" />
            The whole plan does not fit into what is left today, {money(price.availableMicros)}.
          </p>
        )}
      </div>
    </>
  );
}

function Bounds({ price }: { readonly price: DeployPrice }) {
  const { limits } = price;
  const lease = `${infraCost(price.leaseMicros)} for ${duration(price.leaseMs)}`;
  return (
    <FactLines
      facts={[
        ['Ready in', price.readyInMs === null ? 'not measured' : `about ${latency(price.readyInMs)}`],
        [
          'Sandboxes',
          `${count(price.sandboxesAlive)} of ${count(price.sandboxLimit)} in use · ${price.createsPerSecond} per second`,
        ],
        ['Reserved at once', lease],
        ['Exit reserve kept', money(price.exitReserveMicros)],
        ['Largest order', wholeMoney(limits.orderNotionalMicros)],
        ['Largest position', `${wholeMoney(limits.symbolPositionMicros)} a symbol`],
        ['Oldest quote', latency(limits.maxQuoteAgeMs)],
      ]}
    />
  );
}

function EntriesWarning() {
  const entries = useDesk((desk) => desk.state.entries.kind);
  if (entries === 'open') return null;
  const what =
    entries === 'latched'
      ? 'Trading is stopped. Re-arm before deploying.'
      : 'New entries are blocked. Unblock before deploying.';
  return (
    <p className="flex items-start gap-2 text-cell text-warn">
      <Glyph shape="triangle" className="mt-[3px]" />
      {what}
    </p>
  );
}

const accountNotes: Record<Mode, string> = {
  demo: 'Trades on the demo account. Nothing leaves this computer.',
  paper: 'Trades on the paper account. No real money.',
  live: 'Trades on the live account with real money.',
};

function AccountNote() {
  const mode = useDesk((desk) => desk.state.mode);
  return <p className="text-center text-label text-dim">{accountNotes[mode]}</p>;
}
