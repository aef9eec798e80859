// Handlers of the operations that describe strategies.
import { DeskError } from '../../contract/errors.ts';
import { strategyCatalogue } from '../../contract/strategy-catalogue.ts';
import type { DeskHandlers } from '../dispatch.ts';

/** Answers from the catalogue that is generated from the native code. */
export const strategyHandlers: Pick<DeskHandlers, 'strategies.list' | 'strategies.describe'> = {
  'strategies.list': () => ({
    strategies: strategyCatalogue.map(({ params: _params, ...strategy }) => strategy),
  }),
  'strategies.describe': ({ id }) => {
    const found = strategyCatalogue.find((strategy) => strategy.id === id);
    if (found) return { ...found, params: [...found.params] };
    throw new DeskError(
      'UNKNOWN_STRATEGY',
      `There is no strategy "${id}". Choose from ${strategyCatalogue.map((strategy) => strategy.id).join(', ')}.`,
      { id },
    );
  },
};
