import { FactLines } from '../ui/facts.tsx';

/** The values under the cursor. */
export function ChartTooltip(props: {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
}) {
  return (
    <div className="min-w-36 rounded-control border border-line bg-raised px-2.5 py-2 shadow-overlay">
      <p className="mb-1.5 text-label text-dim">{props.title}</p>
      <FactLines facts={props.facts} />
    </div>
  );
}
