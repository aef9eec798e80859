// Handlers of the warm pool's operations.
import { DeskError } from '../../contract/errors.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { SettingsFile } from '../settings.ts';
import type { WarmPool } from '../sandboxes/warm-pool.ts';

export interface PoolHandlerParts {
  readonly pool: WarmPool;
  readonly settingsFile: SettingsFile;
}

/** Builds the handlers over the pool. */
export function createPoolHandlers({
  pool,
  settingsFile,
}: PoolHandlerParts): Pick<DeskHandlers, 'pool.status' | 'pool.resize'> {
  return {
    'pool.status': () => pool.status(),
    'pool.resize': ({ size, running }) => {
      if (running > size)
        throw new DeskError(
          'INVALID_INPUT',
          `running: ${running} of a pool of ${size} cannot be kept running; give ${size} or less.`,
          { size, running },
        );
      settingsFile.change({ pool: { size } });
      pool.keepRunning(running);
      void pool.settle();
      return pool.status();
    },
  };
}
