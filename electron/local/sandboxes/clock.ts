/** Epoch milliseconds, injected so that expiry can be tested. */
export interface Clock {
  now(): number;
}
