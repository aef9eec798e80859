// One completed bar of market data, as the host, the runners and the charts exchange it.

export interface Bar {
  readonly symbol: string;
  /** Start of the bar on the market's clock. */
  readonly at: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volume: number;
}
