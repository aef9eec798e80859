// Endpoints that no real broker has: they let time pass in a stepped market and make the streams misbehave, so that a
// client can be tried against both.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BrokerStreams } from './broker-streams.ts';
import { notProcessable } from './broker-refusal.ts';
import type { Exchange } from './exchange.ts';
import { clockToWire } from './market-wire.ts';
import type { MarketStep } from './step-market.ts';

export interface ControlRouteDeps {
  readonly exchange: Exchange;
  readonly streams: Pick<BrokerStreams, 'silence' | 'failSlow' | 'drop'>;
  /** Null where the market moves by itself. */
  readonly step: ((to: MarketStep) => void) | null;
}

const DAY_MS = 86_400_000;

const Step = z.union([
  z.strictObject({
    ms: z
      .int()
      .min(1)
      .max(30 * DAY_MS),
  }),
  z.strictObject({ bars: z.int().min(1).max(10_000) }),
  z.strictObject({ to: z.enum(['open', 'close']) }),
]);

const Fault = z.object({
  /**
   * `silent`: connections stay open and answer pings, but carry no news, until `none`. `slow`: the market data stream
   * takes its client for a slow one. `drop`: every connection is cut without a word.
   */
  fault: z.enum(['none', 'silent', 'slow', 'drop']),
});

/** Adds the endpoints to the server. */
export function addControlRoutes(server: FastifyInstance, deps: ControlRouteDeps): void {
  const { exchange, streams } = deps;
  server.post('/demo/step', async ({ body }) => {
    if (!deps.step) throw notProcessable('the market moves by itself; start it stepped to move it by hand');
    deps.step(targetOf(Step.parse(body), exchange));
    return clockToWire(exchange.clock());
  });
  server.post('/demo/streams', async ({ body }, reply) => {
    const { fault } = Fault.parse(body);
    streams.silence(fault === 'silent');
    if (fault === 'slow') streams.failSlow();
    if (fault === 'drop') streams.drop();
    return reply.status(204).send();
  });
}

function targetOf(step: z.infer<typeof Step>, exchange: Exchange): MarketStep {
  if (!('to' in step)) return step;
  const { nowMs, nextOpenMs, nextCloseMs } = exchange.clock();
  const atMs = step.to === 'open' ? nextOpenMs : nextCloseMs;
  if (atMs === null) throw notProcessable(`the market has no next ${step.to}`);
  return { ms: atMs - nowMs };
}
