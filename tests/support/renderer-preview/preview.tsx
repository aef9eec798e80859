// The window over the sample host. `?scene=` empty, three, swarm, thousand, killed, differing, stale, trading; `?theme=` dark, light.
import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app.tsx';
import { createCall } from '../../../renderer/bridge.ts';
import { DeskProvider } from '../../../renderer/desk-context.tsx';
import { startReplica } from '../../../renderer/replica.ts';
import { startSampleHost } from './sample-host.ts';

const query = new URLSearchParams(location.search);
const host = startSampleHost(query.get('scene') ?? 'swarm', query.get('theme') ?? 'dark');
const replica = startReplica(host.bridge, Date.now);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <DeskProvider client={{ store: replica.store, call: createCall(host.bridge), now: Date.now }}>
      <App onCommand={host.bridge.onCommand} />
    </DeskProvider>,
  );
}
