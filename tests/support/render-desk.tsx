// Renders parts of the window over a fake host, with the few browser things that jsdom lacks.
import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import { App } from '../../renderer/app.tsx';
import { createCall } from '../../renderer/bridge.ts';
import { DeskProvider } from '../../renderer/desk-context.tsx';
import { startReplica } from '../../renderer/replica.ts';
import { createFakeDeskBridge, type FakeDeskBridge, type FakeDeskOptions } from './fake-desk-bridge.ts';

const stops: (() => void)[] = [];

class StillObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  globalThis.ResizeObserver = StillObserver;
  window.matchMedia = (media) =>
    Object.assign(new EventTarget(), {
      matches: false,
      media,
      onchange: null,
      addListener() {},
      removeListener() {},
    });
  HTMLCanvasElement.prototype.getContext = () => null;
  Element.prototype.scrollIntoView = () => {};
  // The virtual table measures its scroller; jsdom lays nothing out.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 1_200 });
});

afterEach(() => {
  cleanup();
  for (const stop of stops.splice(0)) stop();
});

/** Renders the whole window. */
export async function renderApp(options: FakeDeskOptions = {}): Promise<FakeDeskBridge> {
  const { fake, client } = await startClient(options);
  render(
    <DeskProvider client={client}>
      <App onCommand={fake.bridge.onCommand} />
    </DeskProvider>,
  );
  return fake;
}

async function startClient(options: FakeDeskOptions) {
  const now = options.now ?? Date.now;
  const fake = createFakeDeskBridge(options);
  const replica = startReplica(fake.bridge, now);
  stops.push(() => replica.stop());
  await Promise.resolve();
  return { fake, client: { store: replica.store, call: createCall(fake.bridge), now } };
}
