// All that the page sees of the world outside: `window.desk`. It never grows with the catalogue.
import { contextBridge, ipcRenderer } from 'electron';
import type { FeedFrame } from './contract/frames.ts';
import { type CallReply, channels, type DeskCommand } from './doors/ipc-channels.ts';

const desk = {
  /** A call with an id can be cancelled under it; the page chooses ids and uses each once. */
  call(name: string, input: unknown, id?: number): Promise<CallReply> {
    return ipcRenderer.invoke(channels.call, { name, input, id });
  },
  cancel: (id: number): void => ipcRenderer.send(channels.cancel, id),

  /** Follows the host; a page has one subscription, and a second one replaces the first. */
  subscribe(onFrame: (frame: FeedFrame) => void) {
    ipcRenderer.removeAllListeners(channels.frame);
    const listener = (_event: unknown, frame: FeedFrame): void => onFrame(frame);
    ipcRenderer.on(channels.frame, listener);
    ipcRenderer.send(channels.subscribe);
    return {
      ack: () => ipcRenderer.send(channels.ack),
      resync: () => ipcRenderer.send(channels.resync),
      setVisible: (visible: boolean) => ipcRenderer.send(channels.visible, visible),
      close() {
        ipcRenderer.off(channels.frame, listener);
        ipcRenderer.send(channels.unsubscribe);
      },
    };
  },

  /** Hears the menu; returns its stop. */
  onCommand(listener: (command: DeskCommand) => void): () => void {
    const take = (_event: unknown, id: number, command: DeskCommand, expiresAt: number): void => {
      // A page that hung finds commands for which the main process has long asked in its own dialog.
      if (Date.now() > expiresAt) return;
      listener(command);
      ipcRenderer.send(channels.commandTaken, id);
    };
    ipcRenderer.on(channels.command, take);
    return () => {
      ipcRenderer.off(channels.command, take);
    };
  },

  platform: { os: process.platform, electron: process.versions.electron ?? '' },
};

export type ExposedDesk = typeof desk;

contextBridge.exposeInMainWorld('desk', desk);
