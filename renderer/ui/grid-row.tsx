import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface GridRowFrameProps {
  readonly id: string;
  readonly position: number;
  readonly selected: boolean;
  readonly onOpen: (id: string) => void;
  readonly children: ReactNode;
}

/** A row that opens what it stands for. */
export function GridRow({ id, position, selected, onOpen, children }: GridRowFrameProps) {
  return (
    <tr
      aria-rowindex={position}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      onClick={() => onOpen(id)}
      className={classNames('outline-none', selected ? 'bg-raised' : 'hover:bg-raised/50')}
    >
      {children}
    </tr>
  );
}

/** The cell that a row begins with; it carries the mark of the selection. */
export function FirstCell(props: { readonly selected: boolean; readonly children: ReactNode }) {
  return (
    <td
      className={classNames(
        'left truncate border-l-2',
        props.selected ? 'border-l-accent' : 'border-l-transparent',
      )}
    >
      {props.children}
    </td>
  );
}
