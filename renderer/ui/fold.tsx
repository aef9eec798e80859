import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { classNames } from './class-names.ts';

export interface FoldProps {
  readonly label: string;
  /** Keeps it open, whatever was pressed. */
  readonly forced?: boolean;
  readonly children: ReactNode;
}

/** A line that shows or hides what belongs to it. */
export function Fold({ label, forced = false, children }: FoldProps) {
  const id = useId();
  const [opened, setOpened] = useState(false);
  const open = opened || forced;
  return (
    <div className="grid gap-2">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpened(!open)}
        className="inline-flex items-center gap-1 justify-self-start text-cell text-muted hover:text-text"
      >
        <ChevronRight size={13} aria-hidden="true" className={classNames(open && 'rotate-90')} />
        {label}
      </button>
      <div id={id} hidden={!open}>
        {children}
      </div>
    </div>
  );
}
