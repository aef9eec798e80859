// Entry of the watchdog thread of the host's process.
import { parentPort, workerData } from 'node:worker_threads';
import { runWatchdog } from './host/trading/dead-man/run-watchdog.ts';

if (!parentPort || !(workerData instanceof SharedArrayBuffer))
  throw new Error('The watchdog runs as a thread of the host, with the memory that they share.');
runWatchdog(parentPort, workerData);
