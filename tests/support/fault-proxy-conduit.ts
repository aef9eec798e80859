// Carries the bytes of one answer through the fault proxy, up to where they are spoilt.
import type { Readable, Writable } from 'node:stream';
import type { Fault } from './fault-proxy-faults.ts';

/** Passes `answer` on to `client`; `reset` breaks the client's connection. */
export function passOn(
  answer: Readable,
  client: Writable,
  fault: Fault,
  later: (delayMs: number, run: () => void) => void,
  reset: () => void,
): void {
  let room = 'afterBytes' in fault ? fault.afterBytes : Number.POSITIVE_INFINITY;
  const end = (): void => void client.end();

  function spoil(): void {
    if (fault.kind === 'reset') reset();
    if (fault.kind === 'truncate') end();
    // What is half open is not read any more either, so the sender's buffers fill.
    answer.removeAllListeners('data');
    answer.pause();
  }

  if (room === 0) return spoil();
  answer.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, room);
    room -= part.length;
    if (!client.write(part)) {
      answer.pause();
      client.once('drain', () => answer.resume());
    }
    if (room === 0) spoil();
  });
  answer.on('end', () => later(fault.kind === 'slow close' ? fault.delayMs : 0, end));
  answer.on('error', reset);
  answer.on('aborted', reset);
}
