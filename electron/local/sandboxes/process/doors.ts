// Keeps one door of a sandbox open for the next command.
import type { CommandLine, Enclosure } from '../isolation/enclosure.ts';
import { type Door, openDoor } from './door.ts';
import type { LaunchedCommand } from './launched-command.ts';
import type { PipeSource } from './pipe-source.ts';

export interface Doors {
  /** Starts a command through the open door, or through one of its own. Rejects as a door does. */
  launch(command: CommandLine, withInput: boolean): Promise<LaunchedCommand>;
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
  void enclosure.ended.then(() => {
    hasEnded = true;
    waiting?.close();
  });

  function openNext(): void {
    if (hasEnded || waiting !== undefined || opening !== undefined) return;
    opening = openDoor(enclosure, pipes).then(
      (door) => {
        opening = undefined;
        if (hasEnded) door.close();
        else waiting = door;
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
    door?.close();
    return openDoor(enclosure, pipes);
  }

  openNext();
  return {
    async launch(command, withInput) {
      const door = await take();
      openNext();
      return door.launch(command, withInput);
    },
    async settle() {
      await opening;
    },
    standsStill: () => waiting?.standsStill() ?? true,
    goOn: () => waiting?.goOn(),
  };
}
