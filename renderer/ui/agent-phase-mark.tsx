import type { AgentPhase } from '../../electron/contract/agent-phase.ts';
import { classNames } from './class-names.ts';
import { Glyph, type GlyphShape } from './glyph.tsx';

interface Look {
  readonly shape: GlyphShape;
  readonly glyph: string;
  readonly word: string;
}

/** Normal is grey; only what needs attention has a colour. */
export const agentPhaseLook: Record<AgentPhase, Look> = {
  deploying: { shape: 'ring', glyph: 'text-muted', word: 'text-muted' },
  warming: { shape: 'quarter', glyph: 'text-muted', word: 'text-muted' },
  running: { shape: 'dot', glyph: 'text-control', word: 'text-muted' },
  degraded: { shape: 'triangle', glyph: 'text-warn', word: 'text-warn' },
  stopping: { shape: 'half', glyph: 'text-muted', word: 'text-muted' },
  stopped: { shape: 'ring', glyph: 'text-dim', word: 'text-dim' },
  failed: { shape: 'square', glyph: 'text-critical', word: 'text-critical' },
};

export function AgentPhaseMark(props: { readonly phase: AgentPhase }) {
  const look = agentPhaseLook[props.phase];
  return (
    <span className={classNames('inline-flex items-center gap-1.5 align-bottom', look.word)}>
      <Glyph shape={look.shape} className={look.glyph} />
      {props.phase}
    </span>
  );
}
