// Tells a live socket from one whose other end is gone without a word.
import type { WebSocket } from 'ws';

const OPEN = 1;

/** Pings the socket and resolves true if anything comes back within the time. */
export async function answersPing(socket: WebSocket, withinMs: number): Promise<boolean> {
  if (socket.readyState !== OPEN) return false;
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), withinMs);
    function finish(alive: boolean): void {
      clearTimeout(timer);
      socket.off('pong', onPong);
      socket.off('close', onClose);
      resolve(alive);
    }
    const onPong = () => finish(true);
    const onClose = () => finish(false);
    socket.on('pong', onPong);
    socket.on('close', onClose);
    socket.ping();
  });
}

/** Pings every socket now and then and ends those that do not answer. Returns the stop. */
export function watchSockets(sockets: ReadonlySet<WebSocket>, everyMs: number): () => void {
  const check = async (socket: WebSocket) => {
    if (socket.readyState === OPEN && !(await answersPing(socket, everyMs / 2))) socket.terminate();
  };
  const timer = setInterval(() => {
    for (const socket of sockets) void check(socket);
  }, everyMs);
  return () => clearInterval(timer);
}
