// Opens a connection to a unix socket or named pipe, and tells whether anybody listens there.
import { connect, type Socket } from 'node:net';

/** Connects within `timeoutMs`. Rejects with Node's own error, or with code ETIMEDOUT. */
export function openSocket(path: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => {
      socket.destroy(
        Object.assign(new Error(`no connection to ${path} within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }),
      );
    }, timeoutMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** The system's name of a failure, for example ECONNREFUSED; null when it has none. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** True unless the connection is refused or there is nothing at `path`. A host too busy to accept counts as listening. */
export async function isListening(path: string): Promise<boolean> {
  try {
    const socket = await openSocket(path, 1_000);
    socket.destroy();
    return true;
  } catch (error) {
    const code = systemCode(error);
    return code !== 'ECONNREFUSED' && code !== 'ENOENT';
  }
}
