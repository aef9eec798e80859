// Decides where the broker client may go. Every request and every socket passes here; what is not on the list throws.
import { WebSocket } from 'ws';
import { DeskError } from '../../../contract/errors.ts';
import type { Mode } from '../../../contract/names.ts';

interface BrokerHosts {
  readonly trading: string;
  readonly data: string;
  readonly dataStream: string;
}

const data = { data: 'data.alpaca.markets', dataStream: 'stream.data.alpaca.markets' } as const;

/** The hosts that the SDK is built for, per mode. DEMO's client is a paper client. */
const brokerHosts: Readonly<Record<Mode, BrokerHosts>> = {
  demo: { trading: 'paper-api.alpaca.markets', ...data },
  paper: { trading: 'paper-api.alpaca.markets', ...data },
  live: { trading: 'api.alpaca.markets', ...data },
};

const loopbackHosts = ['127.0.0.1', '[::1]', 'localhost'];

/** Addresses of a broker on this machine that answers in the place of the SDK's hosts. */
export interface LoopbackBroker {
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

export interface BrokerRoute {
  readonly mode: Mode;
  /** Asked at every call and every answer, so a connection that outlives its account does nothing; null once it has. */
  readonly modeInForce: () => Mode | null;
  /**
   * DEMO has no other way out than this. For PAPER and LIVE it is null in the product; tests give the demo broker's
   * addresses, by a parameter that no setting, no environment variable and no door leads to. The hosts that the SDK
   * asks for are checked first all the same, and what is not loopback is refused, so it cannot lead anywhere else.
   */
  readonly loopback: LoopbackBroker | null;
  readonly send?: typeof fetch;
}

/** Creates the only way out of the broker client. Both functions throw FORBIDDEN_ADDRESS before anything is sent. */
export function createBrokerAddress({
  mode,
  modeInForce,
  loopback,
  send = fetch,
}: BrokerRoute): BrokerAddress {
  function resolve(intended: string): string {
    assertInForce(mode, modeInForce());
    assertIntended(mode, intended);
    if (loopback) return onLoopback(mode, intended, loopback);
    if (mode === 'demo') throw forbidden(mode, intended, 'DEMO has no broker on this machine yet');
    return intended;
  }
  return {
    async fetch(url, init) {
      // Followed by us or not at all: a client that follows takes the key along, wherever it is sent.
      const response = await send(resolve(url), { ...init, redirect: 'manual' });
      assertAnswered(mode, url, response);
      // Read to its end here: what one account answers must not be taken for another's that is in use by then.
      const body = await response.arrayBuffer();
      assertInForce(mode, modeInForce());
      return new Response(body.byteLength === 0 ? null : body, response);
    },
    openSocket: (url, codec) => {
      const headers = codec === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : {};
      return new WebSocket(resolve(url), { headers, perMessageDeflate: false, followRedirects: false });
    },
  };
}

/** Where the orders of an account go, for people. */
export function tradingAddress(mode: Mode, loopback: LoopbackBroker | null): string {
  if (loopback) return loopback.brokerUrl;
  return mode === 'demo' ? 'this machine' : `https://${brokerHosts[mode].trading}`;
}

function assertInForce(mode: Mode, inForce: Mode | null): void {
  if (mode === inForce) return;
  throw new DeskError(
    'FORBIDDEN_ADDRESS',
    `This connection is of ${mode.toUpperCase()} and the desk is on ${inForce?.toUpperCase() ?? 'another account'}. It is not used any more.`,
    { mode, inForce },
  );
}

function assertAnswered(mode: Mode, intended: string, { status, headers }: Response): void {
  const elsewhere = headers.get('location');
  if (status < 300 || status > 399 || elsewhere === null) return;
  throw new DeskError(
    'FORBIDDEN_ADDRESS',
    `${new URL(intended).host} answered with a redirection to ${elsewhere}. The desk follows none; nothing was sent there.`,
    { mode, address: elsewhere },
  );
}

function assertIntended(mode: Mode, intended: string): void {
  const { host, protocol } = new URL(intended);
  const hosts = brokerHosts[mode];
  const known = protocol === 'wss:' ? [hosts.trading, hosts.dataStream] : [hosts.trading, hosts.data];
  if ((protocol === 'https:' || protocol === 'wss:') && known.includes(host)) return;
  throw forbidden(
    mode,
    intended,
    `${mode.toUpperCase()} may only ask for ${Object.values(hosts).join(', ')}`,
  );
}

function onLoopback(mode: Mode, intended: string, broker: LoopbackBroker): string {
  const url = new URL(intended);
  const target =
    url.protocol === 'https:'
      ? new URL(url.pathname + url.search, broker.brokerUrl)
      : new URL(url.host === brokerHosts[mode].trading ? broker.tradingStreamUrl : broker.dataStreamUrl);
  if (loopbackHosts.includes(target.hostname)) return target.toString();
  throw forbidden(mode, target.toString(), 'the broker on this machine may only be on 127.0.0.1');
}

function forbidden(mode: Mode, address: string, rule: string): DeskError {
  return new DeskError('FORBIDDEN_ADDRESS', `${rule}, not ${new URL(address).host}. Nothing was sent.`, {
    mode,
    address,
  });
}
