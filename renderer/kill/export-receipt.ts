import type { Mode } from '../../electron/contract/names.ts';
import { isMoneySimulated } from '../../electron/contract/simulated.ts';
import type { KillReceipt } from '../../electron/contract/state.ts';
import { saveFile } from '../ui/save-file.ts';

/** Offers the receipt as JSON; the mode is part of it, so that a simulated receipt cannot pass for a real one. */
export function exportReceipt(receipt: KillReceipt, mode: Mode): void {
  const document = { kind: 'kill-receipt', mode, simulated: isMoneySimulated(mode), ...receipt };
  saveFile(
    `kill-${mode}-${receipt.killId}.json`,
    'application/json',
    `${JSON.stringify(document, null, 2)}\n`,
  );
}
