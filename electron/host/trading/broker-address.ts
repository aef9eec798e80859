// Decides where the broker client may go. Every request and every socket passes here; what is not on the list throws.
import { WebSocket } from 'ws';
import { DeskError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/names.ts';

/** The hosts that the SDK is built for, per mode. */
const brokerHosts = {
  paper: ['paper-api.alpaca.markets', 'data.alpaca.markets', 'stream.data.alpaca.markets'],
  live: ['api.alpaca.markets', 'data.alpaca.markets', 'stream.data.alpaca.markets'],
} as const;

const loopbackHosts = ['127.0.0.1', '[::1]', 'localhost'];

export interface DemoEndpoints {
  readonly brokerUrl: string;
  readonly dataStreamUrl: string;
  readonly tradingStreamUrl: string;
}

export interface BrokerAddress {
  /** The fetch given to the SDK. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** The socket factory given to the SDK's streams. */
  readonly openSocket: (url: string, codec: 'json' | 'msgpack') => WebSocket;
}

/**
 * DEMO sends the SDK's requests, which are addressed to the paper hosts, to the demo broker instead, and lets nothing but
 * loopback through. PAPER and LIVE accept their own hosts only. Throws FORBIDDEN_ADDRESS before anything is sent.
 */
export function createBrokerAddress(
  mode: Mode,
  demo: DemoEndpoints | null,
  send: typeof fetch = fetch,
): BrokerAddress {
  return {
    fetch: async (url, init) => {
      const target = mode === 'demo' ? rewrite(url, demo) : url;
      assertAllowed(mode, target);
      return send(target, init);
    },
    openSocket: (url, codec) => {
      assertAllowed(mode, url);
      const headers = codec === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : {};
      return new WebSocket(url, { headers, perMessageDeflate: false });
    },
  };
}

/** Throws FORBIDDEN_ADDRESS unless the mode may reach the address. */
export function assertAllowed(mode: Mode, address: string): void {
  const { hostname, protocol } = new URL(address);
  const hosts: readonly string[] = mode === 'demo' ? loopbackHosts : brokerHosts[mode];
  const isEncrypted = protocol === 'https:' || protocol === 'wss:';
  if (hosts.includes(hostname) && (mode === 'demo' || isEncrypted)) return;
  throw new DeskError(
    'FORBIDDEN_ADDRESS',
    `${mode.toUpperCase()} may only reach ${hosts.join(', ')}, not ${hostname}. Nothing was sent.`,
    { mode, address },
  );
}

function rewrite(url: string, demo: DemoEndpoints | null): string {
  const intended = new URL(url);
  const expected: readonly string[] = brokerHosts.paper;
  if (!demo || !expected.includes(intended.hostname)) {
    throw new DeskError('FORBIDDEN_ADDRESS', `DEMO has no route to ${intended.hostname}. Nothing was sent.`, {
      address: url,
    });
  }
  return new URL(intended.pathname + intended.search, demo.brokerUrl).toString();
}
