// The states of an order and the ways between them.

export type OrderStatus = keyof typeof nextStates;

/**
 * `accepted` waits for the open, `pending_new` is on its way to the exchange, `new` works there. `held` waits for
 * another order of its group. `pending_cancel` works until its cancel arrives. States that lead nowhere are final.
 */
const nextStates = {
  accepted: ['new', 'canceled', 'expired', 'rejected'],
  pending_new: ['new', 'canceled', 'expired', 'rejected'],
  held: ['new', 'canceled', 'expired', 'rejected', 'replaced'],
  new: ['partially_filled', 'filled', 'pending_cancel', 'canceled', 'expired', 'rejected', 'replaced'],
  partially_filled: [
    'partially_filled',
    'filled',
    'pending_cancel',
    'canceled',
    'expired',
    'rejected',
    'replaced',
  ],
  pending_cancel: ['partially_filled', 'filled', 'canceled', 'expired', 'rejected'],
  filled: [],
  canceled: [],
  expired: [],
  rejected: [],
  replaced: [],
} as const;

/** Tells whether an order in this state can still change. */
export function isOpenState(status: OrderStatus): boolean {
  return nextStates[status].length > 0;
}

/** Tells whether an order may go from one state to the other. */
export function mayFollow(from: OrderStatus, to: OrderStatus): boolean {
  const following: readonly OrderStatus[] = nextStates[from];
  return following.includes(to);
}
