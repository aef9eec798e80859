// The life of an agent and of a sandbox as declared state machines; nothing else may move a phase.

/**
 *  deploying ──► warming ──► running ◄──► degraded
 *      │            │           │             │
 *      └────────────┴───────────┴──────┬──────┘
 *                                      ▼
 *                     stopping ──► stopped      any of the above ──► failed ──► deploying, stopping
 */
const agentMoves = {
  deploying: ['warming', 'stopping', 'failed'],
  warming: ['running', 'degraded', 'stopping', 'failed'],
  running: ['degraded', 'stopping', 'failed'],
  degraded: ['running', 'stopping', 'failed'],
  stopping: ['stopped', 'failed'],
  stopped: [],
  failed: ['deploying', 'stopping'],
} as const;

export type AgentPhase = keyof typeof agentMoves;

/** creating ──► ready ◄──► paused; any of them ──► ending ──► ended. A sandbox that vanished or could not be made is `lost`. */
const sandboxMoves = {
  creating: ['ready', 'ending', 'lost', 'ended'],
  ready: ['paused', 'ending', 'ended', 'lost'],
  paused: ['ready', 'ending', 'ended', 'lost'],
  ending: ['ended', 'lost'],
  ended: [],
  lost: ['ended'],
} as const;

export type SandboxPhase = keyof typeof sandboxMoves;

export function canMoveAgent(from: AgentPhase, to: AgentPhase): boolean {
  const allowed: readonly AgentPhase[] = agentMoves[from];
  return allowed.includes(to);
}

export function canMoveSandbox(from: SandboxPhase, to: SandboxPhase): boolean {
  const allowed: readonly SandboxPhase[] = sandboxMoves[from];
  return allowed.includes(to);
}

/** Alive agents occupy a sandbox and may hold positions. */
export function isAlive(phase: AgentPhase): boolean {
  return phase !== 'stopped' && phase !== 'failed';
}

export const agentPhases = [
  'deploying',
  'warming',
  'running',
  'degraded',
  'stopping',
  'stopped',
  'failed',
] as const;
export const sandboxPhases = ['creating', 'ready', 'paused', 'ending', 'ended', 'lost'] as const;
