import type { Notice } from '../../electron/contract/state.ts';
import { Glyph } from './glyph.tsx';

/** Square critical, triangle warning, grey dot for what needs no answer. */
export function SeverityGlyph(props: { readonly severity: Notice['severity'] }) {
  switch (props.severity) {
    case 'critical':
      return <Glyph shape="square" className="text-critical" />;
    case 'warning':
      return <Glyph shape="triangle" className="text-warn" />;
    case 'info':
      return <Glyph shape="dot" className="text-control" />;
  }
}
