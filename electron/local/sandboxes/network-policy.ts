// What the creator of a sandbox asks of its network.
import { z } from 'zod';

/** What a sandbox may reach; fields that are not known here are kept and shown. */
export const NetworkPolicy = z.looseObject({
  allow_internet_access: z.boolean().optional(),
  allowOut: z.array(z.string()).optional(),
  denyOut: z.array(z.string()).optional(),
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;
