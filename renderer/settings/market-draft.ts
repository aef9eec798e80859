// What has been chosen and typed for the demo market, and the operation's input that it stands for.
import type { FillProfile, MarketChoice } from '../../electron/contract/market.ts';
import { chooseMarket } from '../../electron/contract/market.ts';
import type { OperationInput } from '../bridge.ts';

export interface MarketDraft {
  readonly id: 'simulator' | 'sp500' | 'csv';
  readonly speed: string;
  readonly fills: FillProfile;
  readonly barsPerSecond: string;
  readonly file: string;
  readonly symbol: string;
}

/** The market in use, as a draft; the fields of the other sources start at the contract's defaults. */
export function draftOf(current: MarketChoice): MarketDraft {
  const empty: MarketDraft = {
    id: 'simulator',
    speed: '60',
    fills: 'alpaca-paper',
    barsPerSecond: '20',
    file: '',
    symbol: '',
  };
  if (current.source === 'simulator')
    return { ...empty, speed: String(current.speed), fills: current.fills ?? empty.fills };
  const bundled = current.file === 'sp500';
  return {
    ...empty,
    id: bundled ? 'sp500' : 'csv',
    barsPerSecond: String(current.barsPerSecond),
    file: bundled ? '' : current.file,
    symbol: current.symbol ?? '',
  };
}

/** The input for `market.choose`, or null while a field cannot be used. */
export function inputOf(draft: MarketDraft): OperationInput<'market.choose'> | null {
  const parsed = chooseMarket.input.safeParse(candidate(draft));
  return parsed.success ? parsed.data : null;
}

function candidate(draft: MarketDraft): OperationInput<'market.choose'> {
  if (draft.id === 'simulator') {
    return { source: 'simulator', speed: amount(draft.speed), fills: draft.fills };
  }
  const barsPerSecond = amount(draft.barsPerSecond);
  if (draft.id === 'sp500') return { source: 'replay', file: 'sp500', barsPerSecond };
  const symbol = draft.symbol.trim().toUpperCase();
  return { source: 'replay', file: draft.file.trim(), barsPerSecond, ...(symbol === '' ? {} : { symbol }) };
}

const amount = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
