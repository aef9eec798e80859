// Starts both local services, the sandbox runtime and the demo broker, with keys that are good for this start only.
import { randomBytes } from 'node:crypto';
import type { LocalServicesConfig, LocalServicesReady } from '../contract/local-services.ts';
import { loadNative } from '../native/load.ts';
import type { Clock } from './broker/clock.ts';
import { startBroker } from './broker/start-broker.ts';
import { startSandboxRuntime } from './sandboxes/start-sandbox-runtime.ts';

export interface LocalServices {
  readonly ready: LocalServicesReady;
  /** Stops both; idempotent. */
  close(): Promise<void>;
}

export interface LocalServicesDeps {
  readonly clock: Clock;
  /** Told of failures that end no request, for the log. */
  readonly report: (error: unknown) => void;
}

/** Starts both services on 127.0.0.1. Throws MARKET_FILE_INVALID, DATA_DIR_UNWRITABLE, JOURNAL_CORRUPT, NATIVE_MISSING. */
export async function startLocalServices(
  config: LocalServicesConfig,
  deps: LocalServicesDeps,
): Promise<LocalServices> {
  const keys = {
    keyId: `DEMO${randomBytes(8).toString('hex').toUpperCase()}`,
    secret: randomBytes(24).toString('base64url'),
  };
  const e2bApiKey = `e2b_${randomBytes(20).toString('hex')}`;
  const broker = await startBroker({
    dataDir: config.dataDir,
    market: config.market,
    startingCashMicros: config.startingCashMicros,
    stepped: config.stepped,
    extendedHours: config.extendedHours,
    requestsPerMinute: config.requestsPerMinute,
    keys,
    native: loadNative(),
    ...deps,
  });
  try {
    const sandboxes = await startSandboxRuntime({
      dataDir: config.dataDir,
      apiKey: e2bApiKey,
      isolation: config.isolation,
      limits: config.sandboxes,
      size: config.sandboxes.size,
      internet: config.sandboxes.internet,
    });
    const { url: brokerUrl, dataStreamUrl, tradingStreamUrl, market } = broker;
    return {
      ready: {
        sandboxUrl: sandboxes.url,
        e2bApiKey,
        brokerUrl,
        dataStreamUrl,
        tradingStreamUrl,
        ...keys,
        isolation: sandboxes.isolation,
        isolationDetail: sandboxes.isolationDetail,
        market,
      },
      async close() {
        await Promise.all([sandboxes.close(), broker.close()]);
      },
    };
  } catch (error) {
    await broker.close();
    throw error;
  }
}
