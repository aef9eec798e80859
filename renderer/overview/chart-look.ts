// Shared look of the charts: colours are the tokens, text is 11 px, nothing moves.
export const colour = {
  text: 'var(--color-text)',
  muted: 'var(--color-muted)',
  dim: 'var(--color-dim)',
  line: 'var(--color-line)',
  surface: 'var(--color-surface)',
  accent: 'var(--color-accent)',
  warn: 'var(--color-warn)',
  critical: 'var(--color-critical)',
  p50: 'var(--color-p50)',
  p95: 'var(--color-p95)',
  p99: 'var(--color-p99)',
} as const;

export const tickStyle = { fill: colour.dim, fontSize: 11 } as const;

export const gridStyle = { stroke: colour.line, strokeWidth: 0.6 } as const;
