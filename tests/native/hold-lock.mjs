// Takes the instance lock at the path, says so over the channel, and holds it until it is killed.
import { loadAddon } from './load-addon.mjs';

const [path, holder] = process.argv.slice(2);
try {
  const lock = loadAddon().InstanceLock.acquire(path, holder);
  process.on('message', () => lock.release());
  process.send({ held: true });
} catch (error) {
  process.send({ held: false, code: error.code, message: error.message });
  process.disconnect();
}
