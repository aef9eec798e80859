// What runs in a sandbox, through pauses and cold starts.
import { type Ground, type GroundOptions, type Session, startSession } from './ground.ts';

export interface SessionKeeper {
  /** The one since the last cold start. */
  current(): Session;
  /** Settles when processes are gone without having been asked to. */
  readonly ended: Promise<void>;
  /** Stops processes where they are, or ends them. */
  pause(keepMemory: boolean): Promise<void>;
  /** Lets processes go on if they were kept and are wanted; starts without any otherwise. */
  resume(keepMemory: boolean): Promise<void>;
  /** Changes whether programs reach what the machine reaches; false when earlier ones would go on reaching it. */
  shareNetwork(shared: boolean): Promise<boolean>;
  /** Does something while processes stand still. */
  whileStill<T>(act: () => Promise<T>): Promise<T>;
  /** Ends the processes; the files stay. */
  end(): Promise<void>;
}

export function keepSession({ id, root, session: first }: Ground, options: GroundOptions): SessionKeeper {
  let session = first;
  let state: 'running' | 'frozen' | 'without processes' = 'running';
  let hasEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    hasEnded = resolve;
  });
  attend(first);

  function attend(started: Session): void {
    void started.enclosure.ended.then(() => {
      if (session === started && state !== 'without processes') hasEnded();
    });
  }

  async function freeze(): Promise<void> {
    await session.processes.freeze(session.enclosure.freeze);
    state = 'frozen';
  }

  async function thaw(): Promise<void> {
    await session.enclosure.thaw();
    session.processes.goOn();
    state = 'running';
  }

  async function whileStill<T>(act: () => Promise<T>): Promise<T> {
    if (state !== 'running') return act();
    await freeze();
    try {
      return await act();
    } finally {
      await thaw();
    }
  }

  async function end(): Promise<void> {
    const { enclosure, processes } = session;
    state = 'without processes';
    const closed = enclosure.close();
    // What waits for a stopped process on the machine has to see it end, and may only just be stopping itself.
    processes.goOn();
    const insisting = setInterval(processes.goOn, 20);
    await closed.finally(() => clearInterval(insisting));
  }

  return {
    current: () => session,
    ended,
    pause: (keepMemory) => (keepMemory ? freeze() : end()),
    async resume(keepMemory) {
      if (state === 'frozen' && keepMemory) return thaw();
      if (state !== 'without processes') await end();
      session = startSession(id, root, options, session.enclosure.sharesNetwork());
      state = 'running';
      attend(session);
    },
    async shareNetwork(shared) {
      const { enclosure, processes } = session;
      if (enclosure.sharesNetwork() === shared) return true;
      enclosure.shareNetwork(shared);
      await processes.renewDoors();
      // Still, so that none is missed that is just being started.
      if (shared || !(await whileStill(enclosure.reachesMachine))) return true;
      enclosure.shareNetwork(true);
      await processes.renewDoors();
      return false;
    },
    whileStill,
    end,
  };
}
