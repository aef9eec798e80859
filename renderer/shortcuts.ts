// Keys of the window. Letters are off while somebody types or a sheet is open; Ctrl+. always works.
import { useEffect, useRef } from 'react';

export interface ShortcutActions {
  readonly openKill: () => void;
  readonly openDeploy: () => void;
  readonly openShortcuts: () => void;
  readonly goOverview: () => void;
  readonly goFleet: () => void;
  readonly goTrading: () => void;
  readonly goResearch: () => void;
  readonly focusFilter: () => void;
  readonly toggleTheme: () => void;
}

const chordMs = 1_200;

/** Binds the keys while mounted. */
export function useShortcuts(actions: ShortcutActions, sheetOpen: boolean): void {
  const chordAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isKillKey(event)) {
        event.preventDefault();
        actions.openKill();
        return;
      }
      if (sheetOpen || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const inChord = event.timeStamp - chordAt.current < chordMs;
      chordAt.current =
        !inChord && event.key.toLowerCase() === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const action = inChord ? chordAction(event.key, actions) : keyAction(event.key, actions);
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [actions, sheetOpen]);
}

/** True for the key that opens the kill sheet, whatever has the focus. */
export function isKillKey(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key === '.';
}

function chordAction(key: string, actions: ShortcutActions): (() => void) | undefined {
  switch (key.toLowerCase()) {
    case 'o':
      return actions.goOverview;
    case 'f':
      return actions.goFleet;
    case 't':
      return actions.goTrading;
    case 'r':
      return actions.goResearch;
    case 'd':
      return actions.openDeploy;
    default:
      return undefined;
  }
}

function keyAction(key: string, actions: ShortcutActions): (() => void) | undefined {
  switch (key.toLowerCase()) {
    case 'n':
      return actions.openDeploy;
    case '/':
      return actions.focusFilter;
    case 't':
      return actions.toggleTheme;
    case '?':
      return actions.openShortcuts;
    default:
      return undefined;
  }
}

/** True when a key press belongs to a text that is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  );
}
