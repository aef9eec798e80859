// How a troubled broker behaves, and what it can be made to do.

export interface BrokerConduct {
  /** `troubled`: most of them fail for their sender, whether the broker takes them or not. */
  readonly submissions: 'work' | 'troubled' | 'lost on the way';
  /** `in parts`: with pauses between them, and not always to the end. */
  readonly fills: 'whole' | 'in parts';
  /** Which of a fill and a cancellation that race is first, and which is told first. */
  readonly cancel: 'works' | 'fill wins' | 'told before the fill' | 'fill follows' | 'fails';
  /** Whether orders are cancelled beside the desk. */
  readonly isMeddledWith: boolean;
  /** Of everything that is asked, submissions aside. */
  readonly reads: 'work' | 'fail';
  readonly stream: 'up' | 'down';
  /** Probabilities that a message of the stream is not told, or told twice. */
  readonly loses: number;
  readonly repeats: number;
  /** Upper bound of how long a message waits; later ones overtake it. */
  readonly shufflesMs: number;
  /** Upper bound of what each way of a call takes. */
  readonly latencyMs: number;
  /** How long an order is not found after it was taken, and an execution not listed. */
  readonly showsAfterMs: number;
  readonly isOpen: boolean;
  readonly quotes: 'work' | 'silent';
}

export const healthy: BrokerConduct = {
  submissions: 'work',
  fills: 'whole',
  cancel: 'works',
  isMeddledWith: false,
  reads: 'work',
  stream: 'up',
  loses: 0,
  repeats: 0,
  shufflesMs: 0,
  latencyMs: 40,
  showsAfterMs: 0,
  isOpen: true,
  quotes: 'work',
};

/** What a broker can be made to do. */
export const brokerTroubles = {
  'submissions fail': { submissions: 'troubled' },
  'fills in parts': { fills: 'in parts' },
  'orders cancelled beside the desk': { isMeddledWith: true },
  'fills win over cancellations': { isMeddledWith: true, cancel: 'fill wins' },
  'cancellations told before fills': { isMeddledWith: true, cancel: 'told before the fill' },
  'fills follow cancellations': { isMeddledWith: true, cancel: 'fill follows' },
  'cancellations fail': { cancel: 'fails' },
  'reads fail': { reads: 'fail' },
  'stream down': { stream: 'down' },
  'stream loses': { loses: 0.4 },
  'stream repeats': { repeats: 0.5 },
  'stream shuffles': { shufflesMs: 600 },
  slow: { latencyMs: 2_500 },
  'shows late': { showsAfterMs: 1_500 },
  'market closed': { isOpen: false },
  'quotes silent': { quotes: 'silent' },
  outage: { submissions: 'lost on the way', reads: 'fail', stream: 'down' },
} as const satisfies Record<string, Partial<BrokerConduct>>;

export type BrokerTrouble = keyof typeof brokerTroubles;
