// Refusals in Alpaca's envelope: an HTTP status, a numeric code shared by many causes, and a message.

export class BrokerRefusal extends Error {
  readonly status: number;
  /** Alpaca's; null where its answer carries none (401, 429). */
  readonly code: number | null;
  /** Further keys of the body, for example the order that stands in the way. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: number | null,
    message: string,
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'BrokerRefusal';
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

/** Refuses an order that the account may not have: buying power, shares held, wash trades. */
export function notPermitted(message: string, extra: Readonly<Record<string, unknown>> = {}): BrokerRefusal {
  return new BrokerRefusal(403, 40310000, message, extra);
}

/** Refuses a question that cannot be understood. */
export function badRequest(message: string): BrokerRefusal {
  return new BrokerRefusal(400, 40010000, message);
}

/** Refuses what does not exist. */
export function notFound(message: string): BrokerRefusal {
  return new BrokerRefusal(404, 40410000, message);
}

/** Refuses a request that lacks something or cannot be read. */
export function malformed(message: string): BrokerRefusal {
  return new BrokerRefusal(422, 40010001, message);
}

/** Refuses a request that is readable but breaks a rule. */
export function notProcessable(message: string): BrokerRefusal {
  return new BrokerRefusal(422, 42210000, message);
}

/** Writes the body of a refusal. */
export function refusalBody(refusal: BrokerRefusal): Record<string, unknown> {
  const code = refusal.code === null ? {} : { code: refusal.code };
  return { ...code, message: refusal.message, ...refusal.extra };
}
