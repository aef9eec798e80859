// Entry of the window: follow the host, draw the app.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createCall } from './bridge.ts';
import { type DeskClient, DeskProvider } from './desk-context.tsx';
import { startReplica } from './replica.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const bridge = window.desk;
const replica = startReplica(bridge, Date.now);
window.addEventListener('pagehide', () => replica.stop());

const client: DeskClient = { store: replica.store, call: createCall(bridge), now: Date.now };
const onCommand: typeof bridge.onCommand = (listener) => bridge.onCommand(listener);
createRoot(root).render(
  <DeskProvider client={client}>
    <App onCommand={onCommand} />
  </DeskProvider>,
);
