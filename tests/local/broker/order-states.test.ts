// The states of an order: every way between two of them, and that the final ones are final.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createOrderIndex } from '../../../electron/local/broker/order-index.ts';
import {
  isOpenState,
  type OrderStatus,
  orderTransitions,
} from '../../../electron/local/broker/order-states.ts';
import { anOrder, createBench } from './broker-bench.ts';

/** As documented, and nothing else: written out again, so that a way that is added or lost by mistake is noticed. */
const ways: Readonly<Record<OrderStatus, string>> = {
  accepted: 'new canceled expired rejected',
  pending_new: 'new pending_cancel canceled expired rejected',
  held: 'new canceled expired rejected replaced',
  new: 'partially_filled filled pending_cancel pending_replace canceled expired rejected replaced',
  partially_filled: 'filled pending_cancel pending_replace canceled expired rejected replaced',
  pending_cancel: 'filled canceled expired rejected',
  pending_replace: 'filled canceled expired rejected replaced',
  filled: '',
  canceled: '',
  expired: '',
  rejected: '',
  replaced: '',
};

const states = Object.keys(ways) as OrderStatus[];
const following = (status: OrderStatus) =>
  ways[status].split(' ').filter((name) => name !== '') as OrderStatus[];
const { terms } = createBench().broker.place(anOrder());

/** The states an order passes through on its way to one of them. */
function pathTo(wanted: OrderStatus): OrderStatus[] {
  const paths: OrderStatus[][] = [['accepted'], ['pending_new'], ['held']];
  for (const path of paths) {
    const last = path.at(-1);
    if (last === wanted) return path;
    if (last) paths.push(...following(last).map((next) => [...path, next]));
  }
  throw new Error(`no order is ever ${wanted}`);
}

function orderIn(status: OrderStatus) {
  const index = createOrderIndex();
  const id = randomUUID();
  const [first, ...rest] = pathTo(status);
  if (first !== 'accepted' && first !== 'pending_new' && first !== 'held')
    throw new Error(`${first} is no beginning`);
  index.accept({ ...terms, id }, first, 0);
  for (const next of rest) index.change(id, { status: next });
  return { index, id };
}

describe.each(states)('an order that is %s', (from) => {
  test.each(states.filter((to) => to !== from))('may become %s if the table says so', (to) => {
    const { index, id } = orderIn(from);
    const change = () => index.change(id, { status: to }).status;
    if (following(from).includes(to)) expect(change()).toBe(to);
    else expect(change).toThrow(`cannot go from ${from} to ${to}`);
  });

  test('is open for as long as something may follow', () => {
    expect(isOpenState(from)).toBe(following(from).length > 0);
    expect([...orderTransitions[from]].sort()).toEqual(following(from).sort());
    expect(orderIn(from).index.open()).toHaveLength(following(from).length > 0 ? 1 : 0);
  });
});

test('an order that has ended cannot be canceled or replaced, and its state does not change', () => {
  const { broker, book, passToClose, refusal } = createBench();
  const resting = () => broker.place(anOrder({ limitTicks: 1_000_000, shares: 1 })).terms.id;
  const patch = {
    qtyNanos: null,
    timeInForce: null,
    limitPrice: '99',
    stopPrice: null,
    trail: null,
    clientOrderId: null,
  };
  const [canceled, old, expired] = [resting(), resting(), resting()];
  broker.cancel(canceled);
  broker.replace(old, patch);
  const filled = broker.place(anOrder({ symbol: 'KO', shares: 1 })).terms.id;
  passToClose();
  const ended = { canceled, replaced: old, expired, filled };
  for (const [status, id] of Object.entries(ended)) {
    expect(book.order(id)?.status).toBe(status);
    expect(refusal(() => broker.cancel(id))).toMatchObject({
      status: 422,
      message: `order is already in "${status}" state`,
    });
    expect(refusal(() => broker.replace(id, patch))).toMatchObject({
      status: 422,
      message: `cannot replace order in ${status} status`,
    });
    expect(book.order(id)?.status).toBe(status);
  }
});
