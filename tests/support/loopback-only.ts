// Fails every connection that would leave this machine, before a name is looked up.
import { Socket } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';

const Target = z.object({ host: z.string().optional(), path: z.string().nullish() });

/** Guards the test; it fails at its end when anything but this machine was asked for, caught or not. */
export function allowLoopbackOnly(): void {
  if (vi.isMockFunction(Socket.prototype.connect)) return;
  const outside: string[] = [];
  const connect = Socket.prototype.connect;
  const guard = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (
    this: Socket,
    ...args: unknown[]
  ) {
    const [first] = args.flat();
    const { host = 'localhost', path } = Target.parse(first);
    if (!path && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
      outside.push(host);
      throw new Error(`${host} must not be contacted`);
    }
    return Reflect.apply(connect, this, args);
  });
  onTestFinished(() => {
    guard.mockRestore();
    expect(outside).toEqual([]);
  });
}
