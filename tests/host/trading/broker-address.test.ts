import { describe, expect, test, vi } from 'vitest';
import { assertAllowed, createBrokerAddress } from '../../../electron/host/trading/broker-address.ts';

const demo = {
  brokerUrl: 'http://127.0.0.1:4000',
  dataStreamUrl: 'ws://127.0.0.1:4000/v2/iex',
  tradingStreamUrl: 'ws://127.0.0.1:4000/stream',
};

function recorder(): { urls: string[]; send: typeof fetch } {
  const urls: string[] = [];
  const send = vi.fn(async (url: Parameters<typeof fetch>[0]) => {
    urls.push(url instanceof Request ? url.url : url.toString());
    return new Response('{}');
  });
  return { urls, send };
}

describe('DEMO', () => {
  test('sends what is addressed to the paper hosts to the demo broker, path and query kept', async () => {
    const { urls, send } = recorder();
    await createBrokerAddress('demo', demo, send).fetch(
      'https://paper-api.alpaca.markets/v2/orders?status=open',
    );
    expect(urls).toEqual(['http://127.0.0.1:4000/v2/orders?status=open']);
  });

  test.each(['https://api.alpaca.markets/v2/orders', 'https://example.com/', 'http://10.0.0.1/v2/account'])(
    'sends nothing to %s',
    async (url) => {
      const { urls, send } = recorder();
      await expect(createBrokerAddress('demo', demo, send).fetch(url)).rejects.toMatchObject({
        code: 'FORBIDDEN_ADDRESS',
      });
      expect(urls).toEqual([]);
    },
  );

  test('sends nothing when the demo broker itself is said to be elsewhere', async () => {
    const { urls, send } = recorder();
    const elsewhere = { ...demo, brokerUrl: 'http://192.168.1.5:4000' };
    await expect(
      createBrokerAddress('demo', elsewhere, send).fetch('https://paper-api.alpaca.markets/v2/account'),
    ).rejects.toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
    expect(urls).toEqual([]);
  });

  test('opens no socket beyond loopback', () => {
    expect(() =>
      createBrokerAddress('demo', demo).openSocket('wss://stream.data.alpaca.markets/v2/iex', 'msgpack'),
    ).toThrow(/DEMO may only reach/);
  });
});

describe('PAPER and LIVE', () => {
  test.each([
    ['paper', 'https://paper-api.alpaca.markets/v2/orders'],
    ['paper', 'wss://stream.data.alpaca.markets/v2/iex'],
    ['live', 'https://api.alpaca.markets/v2/orders'],
  ] as const)('%s reaches %s', (mode, url) => {
    expect(() => assertAllowed(mode, url)).not.toThrow();
  });

  test.each([
    ['paper', 'https://api.alpaca.markets/v2/orders'],
    ['live', 'https://paper-api.alpaca.markets/v2/orders'],
    ['live', 'http://api.alpaca.markets/v2/orders'],
    ['paper', 'https://api.alpaca.markets.example.com/'],
    ['live', 'http://127.0.0.1:4000/'],
  ] as const)('%s does not reach %s', (mode, url) => {
    expect(() => assertAllowed(mode, url)).toThrow(/may only reach/);
  });
});
