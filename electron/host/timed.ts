// How long work took, and whether it failed.

/** Runs the work and tells its duration, also when it fails. */
export async function timed<T>(
  monotonicMs: () => number,
  run: () => T | Promise<T>,
  tell: (durationMs: number, failed: boolean) => void,
): Promise<T> {
  const startedAt = monotonicMs();
  let failed = true;
  try {
    const value = await run();
    failed = false;
    return value;
  } finally {
    tell(monotonicMs() - startedAt, failed);
  }
}
