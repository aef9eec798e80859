// Counters of the desk's whole life.
import type { DeskState } from './state.ts';

export function count(state: DeskState, by: Partial<DeskState['totals']>): DeskState {
  const { totals } = state;
  return {
    ...state,
    totals: {
      orders: totals.orders + (by.orders ?? 0),
      fills: totals.fills + (by.fills ?? 0),
      denied: totals.denied + (by.denied ?? 0),
      crosses: totals.crosses + (by.crosses ?? 0),
      realisedMicros: totals.realisedMicros + (by.realisedMicros ?? 0),
    },
  };
}
