// The states of an order and the ways between them.

export type OrderStatus = keyof typeof nextStates;

/**
 * `accepted` waits for the open, `pending_new` is on its way to the exchange, `new` works there. `held` waits for
 * another order of its group. `pending_cancel` and `pending_replace` work, and stay what they are when they fill in part,
 * until the request arrives. States that lead nowhere are final.
 */
const nextStates = {
  accepted: ['new', 'canceled', 'expired', 'rejected'],
  pending_new: ['new', 'pending_cancel', 'canceled', 'expired', 'rejected'],
  held: ['new', 'canceled', 'expired', 'rejected', 'replaced'],
  new: [
    'partially_filled',
    'filled',
    'pending_cancel',
    'pending_replace',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
  partially_filled: [
    'filled',
    'pending_cancel',
    'pending_replace',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
  pending_cancel: ['filled', 'canceled', 'expired', 'rejected'],
  pending_replace: ['filled', 'canceled', 'expired', 'rejected', 'replaced'],
  filled: [],
  canceled: [],
  expired: [],
  rejected: [],
  replaced: [],
} as const;

/** Tells whether an order in this state can still change. */
export function isOpenState(status: OrderStatus): boolean {
  return orderTransitions[status].length > 0;
}

/** Tells whether an order may go from one state to the other. */
export function mayFollow(from: OrderStatus, to: OrderStatus): boolean {
  return orderTransitions[from].includes(to);
}

/** The state after a fill that leaves something open: what is asked of the order meanwhile stays in sight. */
export function afterPartialFill(status: OrderStatus): OrderStatus {
  return status === 'pending_cancel' || status === 'pending_replace' ? status : 'partially_filled';
}

/** Every state, with those that may follow it. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = nextStates;
