/// <reference types="vite/client" />
// The terminal itself: xterm in the desk's colours and font. Loaded with the first terminal that is opened.
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef } from 'react';
import { useDeskClient } from '../desk-context.tsx';
import { isKillKey } from '../shortcuts.ts';
import { styleSpansByProperties, withAdoptedStyles } from './styles-under-policy.ts';
import { startTerminalSession, type TerminalStatus } from './terminal-session.ts';

interface TerminalViewProps {
  readonly sandboxId: string;
  readonly onStatus: (status: TerminalStatus) => void;
}

export default function TerminalView({ sandboxId, onStatus }: TerminalViewProps) {
  const { call } = useDeskClient();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const container = box.current;
    if (!container) return;
    const terminal = new Terminal({
      fontFamily: token('--font-mono'),
      fontSize: 13,
      lineHeight: 1.25,
      cursorBlink: true,
      scrollback: 5_000,
      theme: themeOfDesk(),
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    styleSpansByProperties();
    withAdoptedStyles(() => terminal.open(container));
    fit.fit();
    // What stops the swarm works everywhere; every other key is the shell's.
    terminal.attachCustomKeyEventHandler((event) => !isKillKey(event));
    const session = startTerminalSession({
      call,
      sandboxId,
      size: { cols: terminal.cols, rows: terminal.rows },
      show: (bytes) => new Promise((drawn) => terminal.write(bytes, drawn)),
      onStatus(status) {
        terminal.options.disableStdin = status.kind !== 'open';
        terminal.options.cursorBlink = status.kind === 'open';
        onStatus(status);
      },
    });
    terminal.onData((text) => session.type(new TextEncoder().encode(text)));
    terminal.onBinary((text) => session.type(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => session.resize({ cols, rows }));
    const sized = new ResizeObserver(() => fit.fit());
    sized.observe(container);
    const themed = new MutationObserver(() => {
      terminal.options.theme = themeOfDesk();
    });
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    terminal.focus();
    return () => {
      themed.disconnect();
      sized.disconnect();
      session.close();
      terminal.dispose();
    };
  }, [call, sandboxId, onStatus]);
  return <div ref={box} className="h-full w-full" />;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The sixteen colours of a terminal from those of the desk. */
function themeOfDesk(): ITheme {
  const hues = {
    red: token('--color-critical'),
    green: token('--color-ok'),
    yellow: token('--color-warn'),
    blue: token('--color-accent'),
    magenta: token('--color-paper'),
    cyan: token('--color-p50'),
  };
  return {
    background: token('--color-bg'),
    foreground: token('--color-text'),
    cursor: token('--color-accent'),
    cursorAccent: token('--color-bg'),
    selectionBackground: token('--color-line'),
    scrollbarSliderBackground: token('--color-line'),
    scrollbarSliderHoverBackground: token('--color-control'),
    scrollbarSliderActiveBackground: token('--color-control'),
    ...hues,
    brightRed: hues.red,
    brightGreen: hues.green,
    brightYellow: hues.yellow,
    brightBlue: hues.blue,
    brightMagenta: hues.magenta,
    brightCyan: hues.cyan,
    black: token('--color-line'),
    brightBlack: token('--color-dim'),
    white: token('--color-muted'),
    brightWhite: token('--color-text'),
  };
}
