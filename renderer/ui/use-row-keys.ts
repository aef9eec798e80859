// J, K and the arrows move through the rows in the order in which they are shown.
import { useEffect, useEffectEvent } from 'react';
import { isTyping } from '../shortcuts.ts';

export interface RowKeys {
  readonly ids: readonly string[];
  readonly selected: string | null;
  readonly onOpen: (agentId: string) => void;
  /** Scrolls a row into view. */
  readonly reveal: (index: number) => void;
}

/** Binds J and K to the window, and returns the handler of the arrow keys for the table itself. */
export function useRowKeys(rows: RowKeys) {
  const { ids, selected, onOpen, reveal } = rows;
  function move(key: string): boolean {
    const step = key === 'j' || key === 'ArrowDown' ? 1 : key === 'k' || key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return false;
    const at = selected === null ? -1 : ids.indexOf(selected);
    const index = at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step));
    const next = ids[index];
    if (next === undefined) return false;
    reveal(index);
    onOpen(next);
    return true;
  }
  const onLetter = useEffectEvent((event: KeyboardEvent) => {
    const overlaid = document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;
    if (overlaid || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key === 'j' || event.key === 'k') && move(event.key)) event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onLetter(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  return (event: { readonly key: string; preventDefault(): void }): void => {
    if (event.key.startsWith('Arrow') && move(event.key)) event.preventDefault();
  };
}
