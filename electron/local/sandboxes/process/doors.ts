// Keeps one door of a sandbox open for the next command.
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import { type Door, openDoor } from './door.ts';
import type { LaunchedCommand } from './launched-command.ts';
import type { PipeSource } from './pipe-source.ts';

export interface Doors {
  /** Starts a command through the open door, or through one of its own. Rejects as a door does. */
  launch(command: CommandLine, withInput: boolean): Promise<LaunchedCommand>;
  /** Gives up the doors there are, whose network is no longer the right one; resolves when they are gone. */
  renew(): Promise<void>;
  /** Resolves when no door is being opened. */
  settle(): Promise<void>;
  standsStill(): boolean;
  goOn(): void;
}

/** Opens the first door as soon as the enclosure is ready. */
export function createDoors(enclosure: Enclosure, pipes: PipeSource): Doors {
  let waiting: Door | undefined;
  let opening: Promise<void> | undefined;
  let hasEnded = false;
  /** Counts renewals: a door opened before the last one is not used. */
  let generation = 0;
  void enclosure.ended.then(() => {
    hasEnded = true;
    void waiting?.close();
  });

  function openNext(): void {
    if (hasEnded || waiting !== undefined || opening !== undefined) return;
    const opened = generation;
    opening = openDoor(enclosure, pipes).then(
      async (door) => {
        if (hasEnded || opened !== generation) await door.close();
        else waiting = door;
        opening = undefined;
      },
      () => {
        // Whoever starts a command next finds out why.
        opening = undefined;
      },
    );
  }

  async function take(): Promise<Door> {
    if (waiting === undefined && opening !== undefined) await opening;
    const door = waiting;
    waiting = undefined;
    if (door?.isOpen() === true) return door;
    void door?.close();
    return openDoor(enclosure, pipes);
  }

  openNext();
  return {
    async launch(command, withInput) {
      const door = await take();
      openNext();
      return door.launch(command, withInput);
    },
    async renew() {
      generation += 1;
      const old = waiting;
      waiting = undefined;
      await Promise.all([old?.close(), opening]);
      openNext();
    },
    async settle() {
      await opening;
    },
    standsStill: () => waiting?.standsStill() ?? true,
    goOn: () => waiting?.goOn(),
  };
}
