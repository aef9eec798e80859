import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import type { Mode } from '../../../../electron/contract/names.ts';
import {
  type BrokerAddress,
  createBrokerAddress,
  type LoopbackBroker,
} from '../../../../electron/host/trading/alpaca/broker-address.ts';

const here: LoopbackBroker = {
  brokerUrl: 'http://127.0.0.1:4000',
  dataStreamUrl: 'ws://127.0.0.1:4000/v2/iex',
  tradingStreamUrl: 'ws://127.0.0.1:4000/stream',
};

interface Bench {
  readonly address: BrokerAddress;
  readonly urls: string[];
}

function open(
  mode: Mode,
  loopback: LoopbackBroker | null,
  modeInForce: () => Mode | null = () => mode,
): Bench {
  const urls: string[] = [];
  const send = async (url: Parameters<typeof fetch>[0]): Promise<Response> => {
    urls.push(url instanceof Request ? url.url : url.toString());
    return new Response('{}');
  };
  return { address: createBrokerAddress({ mode, modeInForce, loopback, send }), urls };
}

/** Catches every attempt to connect, before a name is looked up. */
function catchConnections(): unknown[] {
  const asked: unknown[] = [];
  const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, to) {
    asked.push(to);
    this.destroy();
    return this;
  });
  onTestFinished(() => connect.mockRestore());
  return asked;
}

const trading = { demo: 'paper-api', paper: 'paper-api', live: 'api' } as const;
const modes = ['demo', 'paper', 'live'] as const;

describe('an account with its own broker', () => {
  test.each(['paper', 'live'] as const)('%s sends to its own hosts, nothing rewritten', async (mode) => {
    const { address, urls } = open(mode, null);
    const orders = `https://${trading[mode]}.alpaca.markets/v2/orders?status=open`;
    const bars = 'https://data.alpaca.markets/v2/stocks/bars';
    await address.fetch(orders);
    await address.fetch(bars);
    expect(urls).toEqual([orders, bars]);
  });

  test.each(['paper', 'live'] as const)('%s opens sockets to its own hosts', async (mode) => {
    const asked = catchConnections();
    for (const host of [`${trading[mode]}.alpaca.markets/stream`, 'stream.data.alpaca.markets/v2/iex'])
      await new Promise((resolve) => {
        open(mode, null).address.openSocket(`wss://${host}`, 'json').on('error', resolve);
      });
    expect(JSON.stringify(asked)).toContain(`"${trading[mode]}.alpaca.markets"`);
    expect(JSON.stringify(asked)).toContain('"stream.data.alpaca.markets"');
  });
});

describe.each(modes)('%s, with or without a broker on this machine,', (mode) => {
  test.each([
    mode === 'live' ? 'https://paper-api.alpaca.markets/v2/orders' : 'https://api.alpaca.markets/v2/orders',
    `http://${trading[mode]}.alpaca.markets/v2/orders`,
    `https://${trading[mode]}.alpaca.markets:8443/v2/orders`,
    `https://${trading[mode]}.alpaca.markets.example.com/`,
    'https://data.sandbox.alpaca.markets/v2/stocks/bars',
    'https://broker-api.alpaca.markets/v1/accounts',
    'https://127.0.0.1:4000/v2/orders',
    'https://stream.data.alpaca.markets/v2/orders',
  ])('sends nothing to %s', async (url) => {
    for (const loopback of [here, null]) {
      const { address, urls } = open(mode, loopback);
      await expect(address.fetch(url)).rejects.toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
      expect(urls).toEqual([]);
    }
  });

  test('opens no socket to a host that is not its own', () => {
    const asked = catchConnections();
    const other = mode === 'live' ? 'paper-api' : 'api';
    for (const url of [`wss://${other}.alpaca.markets/stream`, 'ws://127.0.0.1:4000/stream'])
      for (const loopback of [here, null])
        expect(() => open(mode, loopback).address.openSocket(url, 'json')).toThrow(/Nothing was sent/);
    expect(asked).toEqual([]);
  });

  test('reaches nothing from the moment another account is in use', async () => {
    let inForce: Mode = mode;
    const { address, urls } = open(mode, here, () => inForce);
    const url = `https://${trading[mode]}.alpaca.markets/v2/account`;
    await address.fetch(url);
    for (inForce of modes.filter((other) => other !== mode)) {
      await expect(address.fetch(url)).rejects.toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
      expect(() => address.openSocket('wss://stream.data.alpaca.markets/v2/iex', 'msgpack')).toThrow(
        /the desk is on/,
      );
    }
    expect(urls).toHaveLength(1);
  });

  test('is sent to the broker on this machine, path and query kept', async () => {
    const { address, urls } = open(mode, here);
    await address.fetch(`https://${trading[mode]}.alpaca.markets/v2/orders?status=open`);
    await address.fetch('https://data.alpaca.markets/v2/stocks/bars?symbols=KO');
    expect(urls).toEqual([
      'http://127.0.0.1:4000/v2/orders?status=open',
      'http://127.0.0.1:4000/v2/stocks/bars?symbols=KO',
    ]);
  });

  test.each(['192.168.1.5', 'example.com', '127.0.0.1.example.com', '0.0.0.0'])(
    'sends nothing when the broker on this machine is said to be at %s',
    async (host) => {
      const asked = catchConnections();
      const elsewhere = {
        brokerUrl: `http://${host}:4000`,
        dataStreamUrl: `ws://${host}:4000/v2/iex`,
        tradingStreamUrl: `ws://${host}:4000/stream`,
      };
      const { address, urls } = open(mode, elsewhere);
      const url = `${trading[mode]}.alpaca.markets`;
      await expect(address.fetch(`https://${url}/v2/account`)).rejects.toMatchObject({
        code: 'FORBIDDEN_ADDRESS',
      });
      expect(() => address.openSocket(`wss://${url}/stream`, 'json')).toThrow(/127\.0\.0\.1/);
      expect([urls, asked]).toEqual([[], []]);
    },
  );
});

test('an answer that comes when another account is in use already is not handed on', async () => {
  let inForce: Mode | null = 'paper';
  const address = createBrokerAddress({
    mode: 'paper',
    modeInForce: () => inForce,
    loopback: here,
    send: async () => {
      inForce = null;
      return Response.json({ equity: '1' });
    },
  });
  await expect(address.fetch('https://paper-api.alpaca.markets/v2/account')).rejects.toMatchObject({
    code: 'FORBIDDEN_ADDRESS',
    message: expect.stringContaining('another account'),
  });
});

test('a redirection is not followed, so that the key goes nowhere else', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const port = z.object({ port: z.number() }).parse(server.address()).port;
  const loopback = { ...here, brokerUrl: `http://127.0.0.1:${port}` };
  const address = createBrokerAddress({ mode: 'paper', modeInForce: () => 'paper', loopback });
  await expect(address.fetch('https://paper-api.alpaca.markets/v2/account')).rejects.toMatchObject({
    code: 'FORBIDDEN_ADDRESS',
    message: expect.stringContaining('redirection to /elsewhere'),
  });
  expect(asked).toEqual(['/v2/account']);
});

test('DEMO without a broker on this machine sends nothing at all', async () => {
  const asked = catchConnections();
  const { address, urls } = open('demo', null);
  await expect(address.fetch('https://paper-api.alpaca.markets/v2/account')).rejects.toMatchObject({
    code: 'FORBIDDEN_ADDRESS',
  });
  expect(() => address.openSocket('wss://stream.data.alpaca.markets/v2/iex', 'msgpack')).toThrow(/DEMO/);
  expect([urls, asked]).toEqual([[], []]);
});
