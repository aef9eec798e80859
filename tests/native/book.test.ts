import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notionalMicros } from '../../electron/contract/money.ts';
import { type BookShare, loadNative } from '../../electron/native/load.ts';

const native = loadNative();
const share = 1_000_000_000;

test('crosses opposite wishes inside and orders the rest once', () => {
  const agents = [
    { agentId: 'a', targetNanos: 20 * share, positionNanos: 5 * share },
    { agentId: 'b', targetNanos: 0, positionNanos: 4 * share },
    { agentId: 'c', targetNanos: 5 * share, positionNanos: 0 },
  ];
  expect(native.netTargets('AAPL', agents, 0, 1_000_000)).toEqual({
    crosses: [
      { agentId: 'a', deltaNanos: 3 * share },
      { agentId: 'c', deltaNanos: share },
      { agentId: 'b', deltaNanos: -4 * share },
    ],
    order: {
      side: 'buy',
      qtyNanos: 16 * share,
      shares: [
        { agentId: 'a', qtyNanos: 12 * share },
        { agentId: 'c', qtyNanos: 4 * share },
      ],
    },
  });
  expect(native.netTargets('AAPL', agents, 1, 1_000_000)).toEqual({ crosses: [], order: null });
});

test('a bug in the caller’s input throws INVALID_INPUT and names what is wrong', () => {
  const agent = { agentId: 'a', targetNanos: share, positionNanos: 0 };
  expect(() => native.netTargets('AAPL', [agent, agent], 0, 1)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('AAPL: agent a is listed twice'),
    }),
  );
  expect(() => native.netTargets('AAPL', [{ ...agent, targetNanos: Number.NaN }], 0, 1)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('targetNanos is NaN'),
    }),
  );
  expect(() => native.allocateFill([{ agentId: 'a', qtyNanos: 5 }], 3, 3)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT' }),
  );
  expect(() => native.applyFill({ qtyNanos: 0, costMicros: 0 }, share, 0)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT' }),
  );
  expect(() => native.applyFill({ qtyNanos: 0, costMicros: 0 }, 9e15, 9e9)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT' }),
  );
});

test('fills in parts give each agent exactly its share', () => {
  const orders = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(orders, fc.integer({ min: 1, max: 7 }), fc.boolean(), (sizes, step, whole) => {
      const unit = whole ? share : 1;
      const shares = sizes.map((size, at): BookShare => ({ agentId: `agent-${at}`, qtyNanos: size * unit }));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const held = new Map<string, number>();
      for (let filled = 0; filled < total; filled += step) {
        const fill = Math.min(step, total - filled);
        for (const part of native.allocateFill(shares, filled * unit, fill * unit)) {
          held.set(part.agentId, (held.get(part.agentId) ?? 0) + part.qtyNanos);
        }
      }
      expect(held).toEqual(new Map(shares.map((part) => [part.agentId, part.qtyNanos])));
    }),
  );
});

test('a position’s cost and PnL add up with the desk’s own valuation to the micro-dollar', () => {
  const fill = fc.record({
    deltaNanos: fc.integer({ min: -500 * share, max: 500 * share }).filter((delta) => delta !== 0),
    priceTicks: fc.integer({ min: 1, max: 3_000_000 }),
  });
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 20 }), (fills) => {
      let position = { qtyNanos: 0, costMicros: 0 };
      let realisedMicros = 0;
      let paidMicros = 0;
      for (const { deltaNanos, priceTicks } of fills) {
        const after = native.applyFill(position, deltaNanos, priceTicks);
        realisedMicros += after.realisedMicros;
        paidMicros += notionalMicros(deltaNanos, priceTicks);
        position = { qtyNanos: after.qtyNanos, costMicros: after.costMicros };
      }
      expect(position.costMicros - realisedMicros).toBe(paidMicros);
    }),
  );
});
