// Bar files of made-up prices, for measuring.
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadNative } from '../electron/native/load.ts';

const barsAWrite = 10_000;

/** Writes made-up bars and imports them; resolves with the path of the bar file. */
export async function barFile(folder: string, bars: number, stepMs: number, seed: number): Promise<string> {
  const source = join(folder, `${seed}-${bars}.csv`);
  const out = createWriteStream(source);
  out.write('date,open,high,low,close,volume\n');
  for (const rows of madeUpRows(bars, stepMs, seed)) if (!out.write(rows)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
  const target = `${source}.bars`;
  const options = { symbol: 'ONE', timeZone: 'UTC', allow: [], origin: 'file' };
  await new (loadNative().BarImport)().run(source, target, options);
  rmSync(source);
  return target;
}

/** A walk of about 0.1 % a bar. */
function* madeUpRows(bars: number, stepMs: number, seed: number): Generator<string> {
  let state = seed * 7919 + 1;
  let price = 100;
  let rows = '';
  for (let bar = 0; bar < bars; bar += 1) {
    state = (state * 48_271) % 2_147_483_647;
    const open = price;
    price = Math.min(500, Math.max(20, open * (1 + 0.0035 * (state / 2_147_483_647 - 0.5))));
    const [high, low] = [Math.max(open, price) + 0.01, Math.min(open, price) - 0.01];
    const at = (1_600_000_000_000 + bar * stepMs) / 1_000;
    rows += `${at},${open.toFixed(4)},${high.toFixed(4)},${low.toFixed(4)},${price.toFixed(4)},1000\n`;
    if (bar % barsAWrite === barsAWrite - 1 || bar === bars - 1) {
      yield rows;
      rows = '';
    }
  }
}
