import type { ReactNode } from 'react';
import { Glyph, type GlyphShape } from './glyph.tsx';

/** A line across the window about a state of the whole desk; `critical` is announced at once. */
export function Banner(props: {
  readonly shape: GlyphShape;
  readonly tone: 'warn' | 'critical';
  readonly children: ReactNode;
}) {
  const critical = props.tone === 'critical';
  return (
    <div
      role={critical ? 'alert' : 'status'}
      className={`flex min-h-10 shrink-0 items-center gap-3 border-b border-line px-4 py-1.5 ${critical ? 'bg-critical/12' : 'bg-warn/10'}`}
    >
      <Glyph shape={props.shape} className={critical ? 'text-critical' : 'text-warn'} />
      {props.children}
    </div>
  );
}
