// How long a test waits for what must come. Long, because a busy machine is not a defect: what comes in time ends the wait
// at once, and only what never comes costs all of it.
import { vi } from 'vitest';

const patienceMs = 20_000;
const { waitFor } = vi;

vi.waitFor = (callback, options) =>
  waitFor(callback, {
    timeout: patienceMs,
    ...(typeof options === 'number' ? { timeout: options } : options),
  });
