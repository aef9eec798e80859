import { useEffect, useEffectEvent } from 'react';

/** Calls `onEscape` while mounted, unless something above the screen, or a field, has taken the key. */
export function useEscape(onEscape: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const overlaid = document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;
    if (event.key === 'Escape' && !event.defaultPrevented && !overlaid) onEscape();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
