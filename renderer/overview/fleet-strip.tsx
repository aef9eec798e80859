// One cell an agent. On a canvas, so that a thousand agents cost as much as ten.
import { useEffect, useMemo, useRef, useState } from 'react';
import type { AgentPhase } from '../../electron/contract/agent-phase.ts';
import { isAlive } from '../../electron/contract/agent-phase.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { useThemeChoice } from '../theme.ts';

const widest = 8;
const gap = 3;
const height = 14;

/** Draws alive and failed agents in the order of their ids. The words beside it carry the same counts. */
export function FleetStrip(props: { readonly agents: DeskState['agents'] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const theme = useThemeChoice();
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const phases = useMemo(() => phasesInOrder(props.agents), [props.agents]);
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, phases, width);
    // The theme changes what the colour tokens resolve to.
  }, [phases, width, theme]);
  return <canvas ref={canvas} aria-hidden="true" className="mt-1 mb-1 h-3.5 w-full" />;
}

function phasesInOrder(agents: DeskState['agents']): readonly AgentPhase[] {
  return Object.values(agents)
    .filter((agent) => isAlive(agent.phase) || agent.phase === 'failed')
    .toSorted((a, b) => (a.agentId < b.agentId ? -1 : 1))
    .map((agent) => agent.phase);
}

function draw(canvas: HTMLCanvasElement, phases: readonly AgentPhase[], width: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const tokens = getComputedStyle(canvas);
  const pitch = Math.min(widest + gap, width / Math.max(1, phases.length));
  const cell = pitch > 4 ? pitch - gap * (pitch / (widest + gap)) : pitch;
  phases.forEach((phase, index) => {
    context.fillStyle = tokens.getPropertyValue(tokenOf(phase));
    const x = index * pitch;
    switch (phase) {
      case 'running':
        context.fillRect(x, 0, cell, height);
        break;
      case 'degraded':
      case 'failed':
        // Cut corner: trouble differs in shape too.
        context.beginPath();
        context.moveTo(x, height);
        context.lineTo(x + cell, height);
        context.lineTo(x + cell, 0);
        context.lineTo(x, height * 0.45);
        context.fill();
        break;
      default:
        context.fillRect(x, height / 2, cell, height / 2);
    }
  });
}

function tokenOf(phase: AgentPhase): string {
  if (phase === 'failed') return '--color-critical';
  return phase === 'degraded' ? '--color-warn' : '--color-control';
}
