import type { OrderState } from '../../electron/contract/order-events.ts';
import type { OrderView } from '../../electron/contract/orders.ts';
import { classNames } from '../ui/class-names.ts';
import { Glyph, type GlyphShape } from '../ui/glyph.tsx';
import { stateWords } from './order-rows.ts';

interface Look {
  readonly shape: GlyphShape;
  readonly glyph: string;
  readonly word: string;
}

/** Normal is grey; only what needs attention has a colour. */
const looks: Readonly<Record<OrderState, Look>> = {
  approved: { shape: 'ring', glyph: 'text-muted', word: 'text-text' },
  sent: { shape: 'quarter', glyph: 'text-muted', word: 'text-text' },
  partially_filled: { shape: 'half', glyph: 'text-muted', word: 'text-text' },
  filled: { shape: 'dot', glyph: 'text-control', word: 'text-muted' },
  cancelled: { shape: 'cross', glyph: 'text-dim', word: 'text-dim' },
  expired: { shape: 'ring', glyph: 'text-dim', word: 'text-dim' },
  rejected: { shape: 'square', glyph: 'text-critical', word: 'text-critical' },
  unknown: { shape: 'triangle', glyph: 'text-warn', word: 'text-warn' },
};

export function OrderStateMark({ order }: { readonly order: OrderView }) {
  const look = looks[order.state];
  return (
    <span className={classNames('inline-flex items-center gap-1.5 align-bottom', look.word)}>
      <Glyph shape={look.shape} className={look.glyph} />
      {stateWords(order)}
    </span>
  );
}
