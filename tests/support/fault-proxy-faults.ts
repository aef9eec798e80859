// What the fault proxy can do to a request, and a seeded choice of it.
import { seededRandom } from './seeded-random.ts';

export type Fault =
  | { readonly kind: 'none' }
  /** Passes the request on late, and the answer as it comes. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Answers by itself; the target never hears of the request. */
  | { readonly kind: 'status'; readonly status: 429 | 500 | 502 | 503; readonly retryAfterS?: number }
  /** Resets the connection after so many bytes of the answer's body. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Goes silent after so many bytes; the connection stays open on both sides. */
  | { readonly kind: 'half-open'; readonly afterBytes: number }
  /** Ends the answer in good order after so many bytes, within a frame or not. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** Passes everything on, and the end of it late. */
  | { readonly kind: 'slow close'; readonly delayMs: number }
  /** The target does what was asked and its answer is lost: by a reset, or by silence. */
  | { readonly kind: 'answer lost'; readonly how: 'reset' | 'silence' };

export interface ProxiedRequest {
  readonly method: string;
  /** The path without query; ids are written `:id`. */
  readonly route: string;
  /** The how manieth of this method and route, from 1. */
  readonly nth: number;
}

export type FaultPlan = (request: ProxiedRequest) => Fault;

export const noFaults: FaultPlan = () => ({ kind: 'none' });

export interface SeededFaults {
  readonly seed: number;
  /** 0 to 1. */
  readonly probability: number;
  /** Of each method and route, so that a plan comes to an end. */
  readonly mostPerRoute: number;
  readonly faults: (request: ProxiedRequest) => readonly Fault[];
}

/** Chooses by seed, route and number alone, so that requests which race each other do not change the choice. */
export function seededFaults({ seed, probability, mostPerRoute, faults }: SeededFaults): FaultPlan {
  const spent = new Map<string, number>();
  return (request) => {
    const name = `${request.method} ${request.route}`;
    const random = seededRandom(hash(`${seed} ${name} ${request.nth}`));
    const choices = faults(request);
    const used = spent.get(name) ?? 0;
    if (choices.length === 0 || used >= mostPerRoute || !random.chance(probability)) return { kind: 'none' };
    spent.set(name, used + 1);
    return random.pick(choices);
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}
