// Every failure that crosses a door carries one of these codes. Messages are for people and may change; codes may not.

/** `usage`: the caller's input is wrong (CLI exit 2). `refused`: the request is understood and not granted, or it failed (exit 1). */
export type ErrorKind = 'usage' | 'refused';

const kinds = {
  INVALID_INPUT: 'usage',
  UNKNOWN_OPERATION: 'usage',
  UNKNOWN_STRATEGY: 'usage',
  UNKNOWN_SYMBOL: 'refused',
  AGENT_NOT_FOUND: 'refused',
  ORDER_NOT_FOUND: 'refused',
  ORDER_NOT_WORKING: 'refused',
  SANDBOX_NOT_FOUND: 'refused',
  TERMINAL_NOT_FOUND: 'refused',
  TERMINAL_LIMIT: 'refused',
  TEMPLATE_NOT_FOUND: 'refused',
  PATH_NOT_ALLOWED: 'usage',
  PROCESS_NOT_FOUND: 'refused',
  FILE_NOT_FOUND: 'refused',
  FILE_TOO_LARGE: 'refused',
  DATASET_NOT_FOUND: 'refused',
  DATASET_EXISTS: 'refused',
  DATASET_INVALID: 'refused',
  BUDGET_EXCEEDED: 'refused',
  QUOTA_EXCEEDED: 'refused',
  RATE_LIMITED: 'refused',
  POOL_UNAVAILABLE: 'refused',
  ENTRIES_BLOCKED: 'refused',
  KILL_LATCHED: 'refused',
  NOT_LATCHED: 'refused',
  DEAD_MAN_NOT_HELD: 'refused',
  NOTHING_DIFFERS: 'refused',
  LIMIT_BREACHED: 'refused',
  CONFIRMATION_REQUIRED: 'usage',
  SANDBOX_UNAVAILABLE: 'refused',
  PROVIDER_IN_USE: 'refused',
  PROVIDER_KEY_MISSING: 'refused',
  PROVIDER_KEY_REFUSED: 'refused',
  PROVIDER_PLAN_EXCEEDED: 'refused',
  ACCOUNT_IN_USE: 'refused',
  ACCOUNT_KEY_MISSING: 'refused',
  ACCOUNT_KEY_KIND: 'refused',
  ACCOUNT_KEY_REFUSED: 'refused',
  ACCOUNT_NUMBER_WRONG: 'refused',
  LIVE_NOT_IN_USE: 'refused',
  LIVE_NOT_ARMED: 'refused',
  LIMITS_CHANGED: 'refused',
  BROKER_UNAVAILABLE: 'refused',
  BROKER_REFUSED: 'refused',
  FORBIDDEN_ADDRESS: 'refused',
  LOCAL_SERVICES_DOWN: 'refused',
  RUNNER_LOST: 'refused',
  MARKET_IN_USE: 'refused',
  MARKET_FILE_INVALID: 'refused',
  BACKTEST_REFUSED: 'refused',
  BACKTEST_FAILED: 'refused',
  BACKTEST_NOT_FOUND: 'refused',
  EXPORT_FAILED: 'refused',
  DATA_DIR_UNWRITABLE: 'refused',
  HOST_RUNNING: 'refused',
  HOST_NOT_RUNNING: 'refused',
  HOST_STOPPING: 'refused',
  JOURNAL_FAILED: 'refused',
  JOURNAL_CORRUPT: 'refused',
  NATIVE_MISSING: 'refused',
  SETTINGS_INVALID: 'refused',
  TIMED_OUT: 'refused',
  CANCELLED: 'refused',
  INTERNAL: 'refused',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof kinds;

export type ErrorDetail = Readonly<Record<string, unknown>>;

/** A failure in the shape that travels over IPC, the control socket and `--json`. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: ErrorDetail;
}

/** An expected failure. The message names the value, the rule and the remedy. */
export class DeskError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DeskError';
    this.code = code;
    this.detail = detail;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}

export function errorKind(code: ErrorCode): ErrorKind {
  return kinds[code];
}

/** Encodes any thrown value for a door. What is not a DeskError is a bug: its text may hold anything, so it stays in the log. */
export function toEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof DeskError) {
    return { code: error.code, message: error.message, detail: error.detail };
  }
  return {
    code: 'INTERNAL',
    message: 'The desk met a bug of its own. Its log has the stack; report it with that.',
  };
}

/** Rebuilds the error on the caller's side of a door. */
export function fromEnvelope(envelope: ErrorEnvelope): DeskError {
  return new DeskError(envelope.code, envelope.message, envelope.detail ?? {});
}
