// The two encodings of the market data stream: JSON text, or msgpack when the handshake asks for it.
import type { IncomingMessage } from 'node:http';
import { decode, encode } from '@msgpack/msgpack';
import type { WriteTime } from './market-wire.ts';
import { isoTime } from './order-wire.ts';

export interface DataCodec {
  /** Text frames carry strings, binary frames bytes. */
  encode(frames: readonly unknown[]): string | Uint8Array;
  /** Throws when the bytes are not of this encoding. */
  decode(data: Buffer): unknown;
  /** Timestamps are text in JSON and the timestamp extension in msgpack, which a Date becomes. */
  readonly time: WriteTime<string | Date>;
}

const jsonCodec: DataCodec = {
  encode: (frames) => JSON.stringify(frames),
  decode: (data) => JSON.parse(data.toString()),
  time: isoTime,
};

const msgpackCodec: DataCodec = {
  encode: (frames) => encode(frames),
  decode: (data) => decode(data),
  time: (atMs) => new Date(atMs),
};

/** Chooses the encoding by the Content-Type of the handshake. */
export function chooseDataCodec(request: IncomingMessage): DataCodec {
  return request.headers['content-type'] === 'application/msgpack' ? msgpackCodec : jsonCodec;
}
