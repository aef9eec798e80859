// Made-up daily bars that rise and fall, so that averages cross often.
const dayMs = 86_400_000;

/** CSV of `bars` days from 2010-01-01 on; in minutes where days would leave the calendar. */
export function waveCsv(bars: number, phase = 0): string {
  const stepMs = bars > 10_000 ? 60_000 : dayMs;
  const from = Date.parse('2010-01-01');
  const rows = Array.from({ length: bars }, (_, index) => {
    const [open, close] = [price(index + phase), price(index + phase + 1)];
    const at = new Date(from + index * stepMs).toISOString().slice(0, 19).replace('T', ' ');
    const date = stepMs === dayMs ? at.slice(0, 10) : at;
    return `${date},${open},${Math.max(open, close) + 0.5},${Math.min(open, close) - 0.5},${close},1000`;
  });
  return `Date,Open,High,Low,Close,Volume\n${rows.join('\n')}\n`;
}

function price(index: number): number {
  return Math.round(10_000 + 1_500 * Math.sin(index / 9) + 400 * Math.sin(index / 2.3)) / 100;
}
