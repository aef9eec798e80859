import type { Notice } from '../../electron/contract/state.ts';
import { classNames } from './class-names.ts';
import { Glyph } from './glyph.tsx';

/** Square critical, triangle warning, grey dot for what needs no answer. */
export function SeverityGlyph(props: { readonly severity: Notice['severity']; readonly className?: string }) {
  switch (props.severity) {
    case 'critical':
      return <Glyph shape="square" className={classNames('text-critical', props.className)} />;
    case 'warning':
      return <Glyph shape="triangle" className={classNames('text-warn', props.className)} />;
    case 'info':
      return <Glyph shape="dot" className={classNames('text-control', props.className)} />;
  }
}
