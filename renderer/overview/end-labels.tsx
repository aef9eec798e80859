// Names lines at their right end, pushed apart where they would overlap. A legend that needs no looking up.
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { classNames } from '../ui/class-names.ts';

export interface EndLabel {
  readonly id: string;
  /** On the value axis of the chart. */
  readonly value: number;
  readonly text: ReactNode;
  readonly className: string;
}

export interface EndLabelsProps {
  readonly labels: readonly EndLabel[];
  /** Value at the top of the plot; the bottom is 0. */
  readonly max: number;
  readonly plot: PlotBox;
}

/** Pixels between the plot and the edges of the chart. */
interface PlotBox {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

const lineHeight = 15;

export function EndLabels({ labels, max, plot }: EndLabelsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const plotHeight = Math.max(0, height - plot.top - plot.bottom);
  const placed = spread(
    labels.map((label) => ({ label, y: plot.top + (1 - Math.min(1, label.value / max)) * plotHeight })),
    plot.top + plotHeight,
  );
  return (
    <div
      ref={box}
      className="pointer-events-none absolute inset-y-0 right-0"
      style={{ width: plot.right - 8 }}
    >
      {height === 0
        ? null
        : placed.map(({ label, y }) => (
            <span
              key={label.id}
              className={classNames(
                'absolute left-0 text-label leading-none whitespace-nowrap',
                label.className,
              )}
              style={{ top: y - 5 }}
            >
              {label.text}
            </span>
          ))}
    </div>
  );
}

/** Sorts by height, pushes down what would touch the label above, and then up what would leave the plot. */
export function spread<T extends { readonly y: number }>(items: readonly T[], bottom: number): T[] {
  let floor = Number.NEGATIVE_INFINITY;
  const pushedDown = items
    .toSorted((a, b) => a.y - b.y)
    .map((item) => {
      const y = Math.max(item.y, floor);
      floor = y + lineHeight;
      return { ...item, y };
    });
  let ceiling = bottom;
  return pushedDown
    .toReversed()
    .map((item) => {
      const y = Math.min(item.y, ceiling);
      ceiling = y - lineHeight;
      return { ...item, y };
    })
    .toReversed();
}
