// What travels over the control socket: JSON-RPC 2.0 with LSP framing. Both ends parse with these schemas.
import { NotificationType, NotificationType0, RequestType, RequestType0 } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import { type ErrorCode, isErrorCode } from '../contract/errors.ts';
import { DeskEvent } from '../contract/events.ts';
import type { Gauges } from '../contract/frames.ts';
import type { DeskState } from '../contract/state.ts';

export const CallParams = z.object({ name: z.string(), input: z.unknown() });

export const CallReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.custom<ErrorCode>(isErrorCode),
      message: z.string(),
      detail: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
]);
export type CallReply = z.infer<typeof CallReply>;

// Only the host makes these two, and it is of the same build as its clients; their fields are not checked again.
const State = z.custom<DeskState>(isObject);
const GaugesOrNull = z.custom<Gauges>(isObject).nullable();

export const WireFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), seq: z.int(), state: State, gauges: GaugesOrNull }),
  z.object({
    kind: z.literal('events'),
    from: z.int(),
    events: z.array(z.object({ seq: z.int(), event: DeskEvent })),
    gauges: GaugesOrNull,
  }),
  z.object({ kind: z.literal('gauges'), gauges: z.custom<Gauges>(isObject) }),
]);

export const callRequest = new RequestType<unknown, CallReply, void>('desk/call');
/** Starts the connection's one subscription; asked again, it starts over with a snapshot. */
export const subscribeRequest = new RequestType0<boolean, void>('desk/subscribe');
export const unsubscribeNotice = new NotificationType0('desk/unsubscribe');
export const frameNotice = new NotificationType<unknown>('desk/frame');
export const ackNotice = new NotificationType0('desk/ack');
export const resyncNotice = new NotificationType0('desk/resync');
export const visibleNotice = new NotificationType<unknown>('desk/visible');

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
