// Time from starting the process to the first numbers on screen, against a bare Electron window in the same run.
import type { Page } from '@playwright/test';
import type { Measurement } from './measurement.ts';
import { percentile } from './measurement.ts';
import { launch, withDesk } from './with-desk.ts';

const rounds = 5;

/** Alternates bare window and desk, so that a drifting machine touches both alike. */
export async function measureWindow(): Promise<Measurement[]> {
  const bare: number[] = [];
  const desk: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bareWindowMs());
    desk.push(await withDesk(async ({ page, startedAt }) => (await paintedAt(page)) - startedAt));
  }
  const ratio = percentile(desk, 0.5) / percentile(bare, 0.5);
  const note = `medians ${Math.round(percentile(desk, 0.5))} ms and ${Math.round(percentile(bare, 0.5))} ms`;
  return [
    {
      name: 'window usable, against a bare one',
      value: ratio,
      unit: 'x',
      n: rounds,
      target: 2,
      rule: 'atMost',
      note,
    },
  ];
}

async function bareWindowMs(): Promise<number> {
  const startedAt = Date.now();
  const app = await launch(['bench/bare-window'], {});
  try {
    return (await paintedAt(await app.firstWindow())) - startedAt;
  } finally {
    await app.close();
  }
}

/** Resolves with the epoch time of the frame in which the page shows an amount in dollars. */
function paintedAt(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (/\$\d/.test(document.body.innerText)) resolve(performance.timeOrigin + performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}
