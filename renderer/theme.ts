// Applies the chosen theme to the document and follows the system while that is the choice.
import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';
import { useEffect } from 'react';
import type { Call } from '../electron/contract/operations.ts';
import type { OperationOutput } from './bridge.ts';

export type ThemeChoice = OperationOutput<'settings.read'>['theme'];

const themeStore = createStore<{ readonly choice: ThemeChoice }>(() => ({ choice: 'system' }));

const prefersLight = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: light)');

function resolve(choice: ThemeChoice): 'dark' | 'light' {
  if (choice !== 'system') return choice;
  return prefersLight().matches ? 'light' : 'dark';
}

export function useThemeChoice(): ThemeChoice {
  return useStore(themeStore, (state) => state.choice);
}

/** Shows a theme at once; `changeTheme` also keeps it. */
function showTheme(choice: ThemeChoice): void {
  themeStore.setState({ choice });
  document.documentElement.dataset['theme'] = resolve(choice);
}

/** Shows a theme and stores it in the settings. */
export async function changeTheme(call: Call, choice: ThemeChoice): Promise<void> {
  showTheme(choice);
  await call('settings.change', { theme: choice });
}

/** The opposite of what is shown now. */
export function oppositeTheme(): 'dark' | 'light' {
  return document.documentElement.dataset['theme'] === 'light' ? 'dark' : 'light';
}

/** Reads the stored theme once, and follows the system's while that is the choice. */
export function useTheme(call: Call): void {
  useEffect(() => {
    showTheme('system');
    let closed = false;
    // Without the settings the system's theme stays; the settings dialog shows the error itself.
    call('settings.read', {}).then(
      (settings) => closed || showTheme(settings.theme),
      () => undefined,
    );
    const media = prefersLight();
    const follow = (): void => showTheme(themeStore.getState().choice);
    media.addEventListener('change', follow);
    return () => {
      closed = true;
      media.removeEventListener('change', follow);
    };
  }, [call]);
}
