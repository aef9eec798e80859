// Requests that no client should send: each is refused in Alpaca's envelope, and none does anything.
import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { keys, openBroker, send } from './open-broker.ts';

const headers = { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret };
const order = {
  symbol: 'AAPL',
  qty: '1',
  side: 'buy',
  type: 'limit',
  time_in_force: 'day',
  limit_price: '100',
} as const;

const missing = { status: 422, code: 40010001 };
const broken = { status: 422, code: 42210000 };
const forbidden = { status: 403, code: 40310000 };

const orders: readonly [object, typeof missing, string][] = [
  [
    { limit_price: '100.123' },
    broken,
    'invalid limit_price 100.123. sub-penny increment does not fulfill minimum pricing criteria',
  ],
  [
    { limit_price: '0.12345' },
    broken,
    'invalid limit_price 0.12345. sub-penny increment does not fulfill minimum pricing criteria',
  ],
  [{ limit_price: '0' }, broken, 'invalid limit_price 0. limit_price must be greater than 0'],
  [{ limit_price: '-1' }, broken, 'invalid limit_price -1. limit_price must be greater than 0'],
  [{ limit_price: '1e3' }, broken, 'invalid limit_price 1e3. not a decimal number'],
  [{ limit_price: null }, missing, 'limit orders require limit_price'],
  [{ qty: '0' }, broken, 'invalid qty 0. qty must be greater than 0'],
  [{ qty: 'NaN' }, broken, 'invalid qty NaN. "NaN" is not a decimal number'],
  [{ qty: '1.0000000001' }, broken, 'invalid qty 1.0000000001. "1.0000000001" has more than 9 decimals'],
  [{ qty: '99999999999999' }, broken, 'invalid qty 99999999999999. "99999999999999" is too large'],
  [{ qty: true }, missing, 'invalid qty'],
  [{ qty: null }, missing, 'qty or notional is required'],
  [{ notional: '5' }, missing, 'only one of qty or notional is accepted'],
  [{ qty: null, notional: '0.5' }, forbidden, 'cost basis must be >= minimal amount of order 1'],
  [{ qty: '1.5', time_in_force: 'gtc' }, broken, 'fractional orders must be DAY orders'],
  [{ symbol: 'NOPE' }, broken, 'could not find asset "NOPE"'],
  [{ symbol: '../../etc/passwd' }, broken, 'could not find asset "../../etc/passwd"'],
  [{ symbol: '' }, missing, 'symbol is required'],
  [{ side: 'hold' }, missing, 'invalid side'],
  [{ side: null }, missing, 'side is required'],
  [{ type: null }, missing, 'type is required'],
  [{ time_in_force: undefined }, missing, 'time_in_force is required'],
  [{ position_intent: 'x' }, missing, 'invalid position_intent'],
  [{ client_order_id: 'x'.repeat(129) }, missing, 'invalid client_order_id'],
  [{ extended_hours: 'yes' }, missing, 'invalid extended_hours'],
  [
    { extended_hours: true, time_in_force: 'ioc' },
    broken,
    'extended hours orders must be DAY or GTC limit orders',
  ],
  [
    { extended_hours: true, type: 'market', limit_price: null },
    broken,
    'extended hours orders must be DAY or GTC limit orders',
  ],
  [
    { advanced_instructions: { algorithm: 'DMA' } },
    broken,
    'advanced_instructions is not offered by the demo broker',
  ],
  [{ legs: [{ symbol: 'AAPL' }] }, broken, 'legs is not offered by the demo broker'],
  [{ order_class: 'bracket', take_profit: {} }, missing, 'take_profit.limit_price is required'],
  [{ qty: '1000000' }, forbidden, 'insufficient buying power'],
];

test('every order that breaks a rule is refused with its status, code and words, and leaves no trace', async () => {
  const { url } = await openBroker({ stepped: true });
  for (const [changes, { status, code }, message] of orders) {
    const answer = await send(url, 'POST', '/v2/orders', { ...order, ...changes });
    expect(answer, JSON.stringify(changes)).toMatchObject({ status, body: { code, message } });
  }
  expect(await send(url, 'GET', '/v2/orders?status=all')).toEqual({ status: 200, body: [] });
});

const bodies: readonly [string, number, number][] = [
  ['{', 400, 40010000],
  ['[]', 422, 40010001],
  ['null', 422, 40010001],
  ['"text"', 422, 40010001],
  ['['.repeat(100_000), 400, 40010000],
  [`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 422, 40010001],
  ['{"__proto__":{"qty":"1"}}', 422, 40010001],
  [`"${'x'.repeat(2 ** 20)}"`, 413, 40010000],
];

test('bodies that are no order are refused, however deep or long', async () => {
  const { url } = await openBroker({ stepped: true });
  for (const [body, status, code] of bodies) {
    const answer = await fetch(`${url}/v2/orders`, { method: 'POST', body, headers });
    expect([answer.status, await answer.json()], body.slice(0, 20)).toMatchObject([status, { code }]);
  }
});

test.each([
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-8',
])('an order sent as %s is read as JSON', async (type) => {
  const { url } = await openBroker({ stepped: true });
  const body = JSON.stringify(order);
  const sent = { method: 'POST', body, headers: { ...headers, 'Content-Type': type } };
  expect((await fetch(`${url}/v2/orders`, sent)).status).toBe(200);
});

/** Sends what `fetch` would not. */
async function sendRaw(url: string, method: string, path: string) {
  return new Promise<[number | undefined, unknown]>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asked = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve([response.statusCode, JSON.parse(text)]));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const paths: readonly [string, string, number, number][] = [
  ['GET', '/v2/orders/../account', 404, 40410000],
  ['GET', '/v2/orders/..%2f..%2fetc%2fpasswd', 404, 40410000],
  ['GET', `/v2/orders/${'a'.repeat(3_000)}`, 414, 40010000],
  ['GET', '/v2/%zz', 400, 40010000],
  ['GET', '/v2/positions/%00', 404, 40410000],
  ['PUT', '/v2/account', 404, 40410000],
  ['TRACE', '/v2/account', 404, 40410000],
  ['BREW', '/v2/account', 400, 40010000],
  ['DELETE', '/v2/orders/00000000-0000-0000-0000-000000000000', 404, 40410000],
];

test('paths and methods that do not exist are refused in the same envelope', async () => {
  const { url } = await openBroker({ stepped: true });
  for (const [method, path, status, code] of paths) {
    const expected = { code, message: expect.any(String) as string };
    const [answered, body] = await sendRaw(url, method, path);
    expect([answered, body], `${method} ${path.slice(0, 40)}`).toEqual([status, expected]);
  }
});
