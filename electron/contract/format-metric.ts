// A metric in the words of its unit, the same on every surface.

const dayMs = 86_400_000;

/** "$51,422.99", "-47.98 %", "0.7984", "584.0 days", "66"; "not defined" for null. */
export function formatMetric(value: number | null, unit: string): string {
  if (value === null) return 'not defined';
  switch (unit) {
    case 'usd':
      return `${value < 0 ? '-' : ''}$${digits(Math.abs(value), 2)}`;
    case '%':
      return `${digits(value, 2)} %`;
    case 'ms':
      return `${digits(value / dayMs, 1)} days`;
    case 'count':
    case 'bars':
      return digits(value, 0);
    default:
      return digits(value, 4);
  }
}

function digits(value: number, count: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: count, maximumFractionDigits: count });
}
