// Loads the addon in test processes that run plain JavaScript.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '..', '..', 'native');

export function loadAddon() {
  const built = `neural-trader.${process.platform}-${process.arch}`;
  const name = readdirSync(directory).find((file) => file.startsWith(built) && file.endsWith('.node'));
  return createRequire(import.meta.url)(join(directory, name));
}
