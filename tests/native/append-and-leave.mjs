// Appends 500 events and leaves without waiting: `drain` runs out of work, `exit` exits with code 7 at once.
import { loadAddon } from './load-addon.mjs';

const [path, how] = process.argv.slice(2);
const journal = loadAddon().Journal.open(path);
for (let at = 0; at < 500; at += 1) void journal.append([`event ${at}`]);
if (how === 'exit') process.exit(7);
