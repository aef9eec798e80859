// Streams what somebody follows until it is over, with a sign of life in every pause the client asked to be short.
import type { HandlerContext } from '@connectrpc/connect';
import type { Subscription } from './output-fanout.ts';

const defaultKeepaliveS = 90;

/** Yields events and, in pauses, `keepalive`; ends the subscription when the client leaves. */
export async function* followStream<T>(
  output: Subscription<T>,
  keepalive: T,
  context: HandlerContext,
): AsyncGenerator<T> {
  const keepaliveMs = keepaliveSeconds(context) * 1_000;
  // A client that leaves while it is being written to would hold the source back for ever.
  const leave = () => output.close();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    for (;;) {
      const next = await output.next(keepaliveMs, context.signal);
      if (next.kind === 'over') return;
      yield next.kind === 'event' ? next.event : keepalive;
    }
  } finally {
    context.signal.removeEventListener('abort', leave);
    output.close();
  }
}

function keepaliveSeconds(context: HandlerContext): number {
  const asked = Number(context.requestHeader.get('keepalive-ping-interval') ?? defaultKeepaliveS);
  return Number.isFinite(asked) && asked > 0 && asked <= 3_600 ? asked : defaultKeepaliveS;
}
