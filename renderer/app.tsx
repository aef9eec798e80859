// The window as a whole: header, rail, one screen, status bar, and the sheets above them.
import { type ReactNode, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Mode } from '../electron/contract/names.ts';
import type { DeskBridge } from './bridge.ts';
import { DeadManDialog } from './dead-man/dead-man-dialog.tsx';
import { DeployDialog } from './deploy/deploy-dialog.tsx';
import { useDesk, useDeskClient } from './desk-context.tsx';
import { FleetScreen } from './fleet/fleet-screen.tsx';
import { createKillGuard, type KillGuard, KillGuardContext } from './kill/kill-guard.ts';
import { KillSheet } from './kill/kill-sheet.tsx';
import { RearmDialog } from './kill/rearm-dialog.tsx';
import { OverviewScreen } from './overview/overview-screen.tsx';
import { TradingScreen } from './orders/trading-screen.tsx';
import { ResearchScreen } from './research/research-screen.tsx';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { AcknowledgeDialog } from './shell/acknowledge-dialog.tsx';
import { ArmDialog } from './shell/arm-dialog.tsx';
import { Banners } from './shell/banners.tsx';
import { Header } from './shell/header.tsx';
import { Rail } from './shell/rail.tsx';
import { ShortcutSheet } from './shell/shortcut-sheet.tsx';
import { StatusBar } from './shell/status-bar.tsx';
import { TerminalSheet } from './terminal/terminal-sheet.tsx';
import { type ShortcutActions, useShortcuts } from './shortcuts.ts';
import { changeTheme, oppositeTheme, useTheme } from './theme.ts';
import { classNames } from './ui/class-names.ts';
import { filterInputId } from './ui/filter-input.tsx';
import { FaultBoundary } from './ui/fault-boundary.tsx';
import { createWindowStore, type Screen, useWindow, useWindowStore, WindowContext } from './window-state.ts';

export function App(props: { readonly onCommand: DeskBridge['onCommand'] }) {
  const store = useMemo(() => createWindowStore(), []);
  return (
    <WindowContext value={store}>
      <Shell onCommand={props.onCommand} />
    </WindowContext>
  );
}

function Shell(props: { readonly onCommand: DeskBridge['onCommand'] }) {
  const client = useDeskClient();
  const windowStore = useWindowStore();
  const guard = useMemo(() => createKillGuard(client), [client]);
  const killOpen = useStore(guard.store, (state) => state.open);
  const screen = useWindow((state) => state.screen);
  const dialog = useWindow((state) => state.dialog);
  const terminalSandboxId = useWindow((state) => state.terminalSandboxId);
  const ready = useDesk((desk) => desk.seq >= 0);
  const stale = useDesk((desk) => desk.seq >= 0 && !desk.connected);
  const mode = useDesk((desk) => desk.state.mode);
  const actions = useActions(guard);
  useTheme(client.call);
  useShortcuts(actions, dialog !== null || killOpen || terminalSandboxId !== null);
  useCommands(props.onCommand, actions);
  useEffect(() => {
    document.title = `${mode.toUpperCase()} · Neural Trader Desk`;
  }, [mode]);
  const closeDialog = (): void => windowStore.setState({ dialog: null });
  return (
    <div data-stale={stale} className={classNames('flex h-full min-w-[1024px] flex-col', modeFrames[mode])}>
      <Header onKill={actions.openKill} />
      {ready ? <Banners onReceipt={guard.open} killOpen={killOpen} /> : null}
      <div className="flex min-h-0 flex-1">
        <Rail />
        <FaultBoundary name="This screen" key={screen}>
          {ready ? <KillGuardContext value={guard}>{screens[screen]}</KillGuardContext> : <Connecting />}
        </FaultBoundary>
      </div>
      <StatusBar />
      <DeployDialog open={dialog === 'deploy'} onClose={closeDialog} />
      <SettingsDialog open={dialog === 'settings'} onClose={closeDialog} />
      <ShortcutSheet open={dialog === 'shortcuts'} onClose={closeDialog} />
      <RearmDialog open={dialog === 'rearm'} onClose={closeDialog} />
      <ArmDialog open={dialog === 'arm'} onClose={closeDialog} />
      <DeadManDialog open={dialog === 'deadMan'} onClose={closeDialog} />
      <AcknowledgeDialog open={dialog === 'acknowledge'} onClose={closeDialog} />
      <TerminalSheet
        sandboxId={terminalSandboxId}
        onClose={() => windowStore.setState({ terminalSandboxId: null })}
      />
      <KillSheet guard={guard} />
    </div>
  );
}

/** The account is told by colour, by line, and by words in the header. */
const modeFrames: Readonly<Record<Mode, string>> = {
  demo: 'border-t-[3px] border-dotted border-control',
  paper: 'border-t-[3px] border-mode-paper',
  live: 'border-[3px] border-mode-live',
};

const screens: Readonly<Record<Screen, ReactNode>> = {
  overview: <OverviewScreen />,
  fleet: <FleetScreen />,
  trading: <TradingScreen />,
  research: <ResearchScreen />,
};

function Connecting() {
  return (
    <main className="grid flex-1 place-items-center" aria-busy="true">
      <p className="text-muted">Waiting for the host…</p>
    </main>
  );
}

function useActions(guard: KillGuard): ShortcutActions {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  return useMemo(
    () => ({
      openKill() {
        windowStore.setState({ dialog: null });
        guard.open();
      },
      openDeploy: () => windowStore.setState({ dialog: 'deploy' }),
      openShortcuts: () => windowStore.setState({ dialog: 'shortcuts' }),
      goOverview: () => windowStore.setState({ screen: 'overview' }),
      goFleet: () => windowStore.setState({ screen: 'fleet' }),
      goTrading: () => windowStore.setState({ screen: 'trading' }),
      goResearch: () => windowStore.setState({ screen: 'research' }),
      focusFilter: () => document.getElementById(filterInputId)?.focus(),
      toggleTheme() {
        changeTheme(call, oppositeTheme()).catch(() =>
          windowStore.setState({
            outcome: { text: 'The theme could not be kept in the settings.', at: now() },
          }),
        );
      },
    }),
    [call, guard, now, windowStore],
  );
}

function useCommands(onCommand: DeskBridge['onCommand'], actions: ShortcutActions): void {
  useEffect(
    () =>
      onCommand((command) => {
        switch (command) {
          case 'open-kill':
            return actions.openKill();
          case 'open-deploy':
            return actions.openDeploy();
          case 'toggle-theme':
            return actions.toggleTheme();
        }
      }),
    [onCommand, actions],
  );
}
