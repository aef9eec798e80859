// A metric in the words of its unit, the same on every surface.

const dayMs = 86_400_000;

/** "$51,422.99", "−47.98 %", "0.7984", "584.0 days", "66"; "not defined" for null. */
export function formatMetric(value: number | null, unit: string): string {
  if (value === null) return 'not defined';
  switch (unit) {
    case 'usd':
      return signed(value, 2, (text) => `$${text}`);
    case '%':
      return signed(value, 2, (text) => `${text} %`);
    case 'ms':
      return signed(value / dayMs, 1, (text) => `${text} days`);
    case 'bars':
      return signed(value, 0, (text) => `${text} bars`);
    case 'a year':
      return signed(value, 2, (text) => `${text} a year`);
    case 'count':
      return signed(value, 0, (text) => text);
    default:
      return signed(value, 4, (text) => text);
  }
}

/** A minus stands before everything; what rounds to zero has none. */
function signed(value: number, digits: number, inUnit: (text: string) => string): string {
  const text = Math.abs(value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${value < 0 && /[1-9∞]/.test(text) ? '−' : ''}${inUnit(text)}`;
}
