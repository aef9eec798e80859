// What a simulation makes: its names, and the plan that the addon follows.
import type { ParsedInputOf } from '../../contract/define-operation.ts';
import type { simulateMarket } from '../../contract/simulate.ts';
import type { BarSimulationPlan } from '../../native/load.ts';
import { seriesName } from './name-dataset.ts';

type SimulationInput = ParsedInputOf<typeof simulateMarket>;

/** Ten years. */
const defaultDays = 2_520;
const barSeconds: Readonly<Record<SimulationInput['timeframe'], number>> = {
  '1Min': 60,
  '5Min': 300,
  '15Min': 900,
  '30Min': 1_800,
  '1Hour': 3_600,
  '1Day': 86_400,
};

interface Series {
  readonly name: string;
  readonly symbol: string;
}

/** One series a symbol; "simulated-7-spy-1day" where nobody gives a name. */
export function simulatedSeries({ symbols, seed, timeframe, name }: SimulationInput): Series[] {
  const nameOf = (symbol: string): string => {
    if (name === undefined) return seriesName(`simulated-${seed}`, symbol, timeframe);
    return symbols.length === 1 ? name : seriesName(name, symbol);
  };
  return symbols.map((symbol) => ({ name: nameOf(symbol), symbol }));
}

/** The plan as the addon takes it; `pathOf` gives each name's file, `sample` is the CSV to compare with. */
export function simulationPlan(
  input: SimulationInput,
  pathOf: (name: string) => string,
  sample: string | null,
): BarSimulationPlan {
  const { seed, days, bars, timeframe, start } = input;
  return {
    series: simulatedSeries(input).map(({ name, symbol }) => ({ symbol, target: pathOf(name) })),
    seed,
    startMs: Date.parse(start),
    barS: barSeconds[timeframe],
    days: bars === undefined ? (days ?? defaultDays) : null,
    bars: bars ?? null,
    sample,
  };
}
