// Named lists of symbols that the account keeps.
import { z } from 'zod';
import { EpochMs } from '../../contract/names.ts';

export const Watchlist = z.object({
  id: z.uuid(),
  name: z.string().min(1).max(64),
  symbols: z.array(z.string()),
  createdAtMs: EpochMs,
  updatedAtMs: EpochMs,
});
export type Watchlist = z.infer<typeof Watchlist>;
