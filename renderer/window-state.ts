// What this window shows: the screen, the open dialog, the last outcome. Nothing here is known to the host.
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { KillScope } from '../electron/contract/kill-scope.ts';

export type Screen = 'overview' | 'fleet' | 'trading' | 'research';
/** What the trading screen shows. */
export type TradingView = 'orders' | 'fills' | 'refused' | 'positions';
type Dialog = 'deploy' | 'settings' | 'shortcuts' | 'rearm' | 'arm' | 'acknowledge' | 'deadMan';

export interface WindowState {
  readonly screen: Screen;
  readonly dialog: Dialog | null;
  /** What the re-arming dialog is about. */
  readonly rearmScope: KillScope;
  /** Agent in the inspector of the fleet. */
  readonly selectedAgentId: string | null;
  readonly tradingView: TradingView;
  /** Order in the inspector of the trading screen. */
  readonly selectedOrderId: string | null;
  /** Symbol in the inspector of the positions. */
  readonly selectedSymbol: string | null;
  /** Sandbox whose terminal is open. */
  readonly terminalSandboxId: string | null;
  /** Last thing that was done from here, in one sentence, for the status bar. */
  readonly outcome: { readonly text: string; readonly at: number } | null;
}

export type WindowStore = StoreApi<WindowState>;

/** Starts on the overview with nothing open. */
export function createWindowStore(): WindowStore {
  return createStore<WindowState>(() => ({
    screen: 'overview',
    dialog: null,
    rearmScope: 'all',
    selectedAgentId: null,
    tradingView: 'orders',
    selectedOrderId: null,
    selectedSymbol: null,
    terminalSandboxId: null,
    outcome: null,
  }));
}

export const WindowContext = createContext<WindowStore | null>(null);

/** The store of the surrounding WindowContext; throws outside of one. */
export function useWindowStore(): WindowStore {
  const store = use(WindowContext);
  if (!store) throw new Error('A component that navigates must be inside WindowContext');
  return store;
}

export function useWindow<T>(selector: (state: WindowState) => T): T {
  return useStore(useWindowStore(), selector);
}
