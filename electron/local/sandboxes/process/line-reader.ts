// Reads a stream line by line, as far as anybody asks.
import type { Readable } from 'node:stream';

export interface LineReader {
  /** Resolves with the next line, or with what there was before the end. */
  next(): Promise<string>;
}

export function createLineReader(source: Readable): LineReader {
  let read = '';
  let isOver = false;
  let arrived: () => void = () => undefined;
  source.on('data', (data) => {
    read += String(data);
    arrived();
  });
  const end = () => {
    isOver = true;
    arrived();
  };
  source.once('end', end).once('close', end).on('error', end);

  return {
    async next() {
      while (!read.includes('\n') && !isOver) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      const [line = '', ...rest] = read.split('\n');
      read = rest.join('\n');
      return line;
    },
  };
}
