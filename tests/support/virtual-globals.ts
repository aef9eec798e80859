// Runs what uses the global timers in virtual time. Faster than vitest's own, which wait a millisecond for each timer.
import { createVirtualTimers, type VirtualTimers } from './virtual-timers.ts';

interface Handle {
  unref(): Handle;
}

/** Puts the timers in place of the globals; returns what puts the globals back. */
export function installVirtualTimers(timers: VirtualTimers = createVirtualTimers()): {
  readonly timers: VirtualTimers;
  restore(): void;
} {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  const cancels = new Map<Handle, () => void>();

  function once(run: () => void, delayMs = 0): Handle {
    const id = { unref: () => id };
    const cancel = timers.after(delayMs, () => {
      cancels.delete(id);
      run();
    });
    cancels.set(id, cancel);
    return id;
  }

  function again(run: () => void, delayMs = 1): Handle {
    const id = { unref: () => id };
    const arm = (): void => {
      const fire = (): void => {
        arm();
        run();
      };
      cancels.set(id, timers.after(Math.max(1, delayMs), fire));
    };
    arm();
    return id;
  }

  function clear(id: Handle): void {
    cancels.get(id)?.();
    cancels.delete(id);
  }

  Object.assign(globalThis, {
    setTimeout: once,
    setInterval: again,
    clearTimeout: clear,
    clearInterval: clear,
  });
  return {
    timers,
    restore: () => Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval }),
  };
}
