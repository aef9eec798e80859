// Reads the SLA board: how far an operation is from its target, and which one is worst.
import type { SlaRow } from '../electron/contract/frames.ts';
import { neededSamples } from './format.ts';

/** Below this share of the target left, a row asks for attention. */
const thinHeadroom = 0.25;

/** Share of the target that the P95 leaves free; negative when it is missed, null when the P95 is not measured. */
export function headroom(row: Pick<SlaRow, 'p95Ms' | 'n' | 'targetMs'>): number | null {
  if (row.p95Ms === null || row.n < neededSamples.p95) return null;
  return 1 - row.p95Ms / row.targetMs;
}

export interface MeasuredSla {
  readonly row: SlaRow;
  readonly headroom: number;
}

/** The operation with the least headroom, or null when none has a P95. */
export function worstSla(rows: readonly SlaRow[]): MeasuredSla | null {
  let worst: MeasuredSla | null = null;
  for (const row of rows) {
    const left = headroom(row);
    if (left !== null && (worst === null || left < worst.headroom)) worst = { row, headroom: left };
  }
  return worst;
}

/** Text colour of a headroom: grey while it is wide. */
export function headroomTone(share: number): 'text-critical' | 'text-warn' | '' {
  if (share < 0) return 'text-critical';
  return share < thinHeadroom ? 'text-warn' : '';
}

/** "1 h", "15 min": a window in the words of a title. */
export function windowText(seconds: number): string {
  return seconds >= 3_600 ? `${seconds / 3_600} h` : `${seconds / 60} min`;
}
