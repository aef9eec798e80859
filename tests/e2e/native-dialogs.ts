// Native dialogs in tests, which no driver can click.
import type { ElectronApplication } from '@playwright/test';

/** From now on each dialog answers with the next of `responses`. */
export async function answerDialogsWith(
  app: ElectronApplication,
  responses: readonly number[],
): Promise<void> {
  await app.evaluate(({ dialog }, queue) => {
    const messages: string[] = [];
    Reflect.set(globalThis, 'dialogMessages', messages);
    Reflect.set(dialog, 'showMessageBox', async (...args: { message: string }[]) => {
      messages.push(args.at(-1)?.message ?? '');
      return { response: queue[messages.length - 1] ?? 0, checkboxChecked: false };
    });
  }, responses);
}

/** Gives the messages of the dialogs so far, oldest first. */
export function dialogMessages(app: ElectronApplication): Promise<unknown> {
  return app.evaluate(() => Reflect.get(globalThis, 'dialogMessages'));
}
