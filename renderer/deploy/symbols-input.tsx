// Symbols as chips: Enter, comma or space adds, Backspace takes the last one back.
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { Symbol as TradedSymbol } from '../../electron/contract/names.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { useDesk } from '../desk-context.tsx';
import { classNames } from '../ui/class-names.ts';
import { FieldNote, inputFrame } from '../ui/field.tsx';

type MarketSource = NonNullable<DeskState['market']>['source'] | undefined;

export interface SymbolsInputProps {
  readonly symbols: readonly string[];
  /** Symbols of the market in use; empty while it is not known. */
  readonly listed: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (symbols: readonly string[]) => void;
}

export function SymbolsInput(props: SymbolsInputProps) {
  const source = useDesk((desk) => desk.state.market?.source);
  const id = useId();
  const noteId = `${id}-note`;
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<string | undefined>();
  function add(typed: string): void {
    const wanted = typed
      .toUpperCase()
      .split(/[\s,]+/)
      .filter((part) => part !== '');
    const problem = wanted
      .map((symbol) => whyNot(symbol, props.listed))
      .find((reason) => reason !== undefined);
    setRefusal(problem);
    if (problem !== undefined) return setText(typed);
    setText('');
    if (wanted.length > 0) props.onChange([...new Set([...props.symbols, ...wanted])]);
  }
  const error = refusal ?? props.error;
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="text-label text-dim">
        Symbols
      </label>
      <div
        className={classNames(
          inputFrame,
          'h-auto min-h-8 flex-wrap py-1',
          error === undefined ? 'border-control' : 'border-critical',
        )}
      >
        {props.symbols.map((symbol) => (
          <button
            key={symbol}
            type="button"
            aria-label={`Remove ${symbol}`}
            onClick={() => props.onChange(props.symbols.filter((other) => other !== symbol))}
            className="inline-flex h-6 items-center gap-1 rounded-control border border-control bg-raised px-1.5 text-cell hover:border-text"
          >
            {symbol}
            <X size={11} aria-hidden="true" className="text-dim" />
          </button>
        ))}
        <input
          id={id}
          value={text}
          onChange={(event) => {
            const typed = event.target.value;
            if (/[\s,]$/.test(typed)) add(typed);
            else setText(typed);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.ctrlKey && text !== '') {
              event.preventDefault();
              add(text);
            }
            if (event.key === 'Backspace' && text === '') props.onChange(props.symbols.slice(0, -1));
          }}
          onBlur={() => add(text)}
          placeholder={props.symbols.length === 0 ? 'AAPL, MSFT' : ''}
          aria-invalid={error !== undefined}
          aria-describedby={noteId}
          autoComplete="off"
          spellCheck={false}
          className="h-6 w-8 min-w-8 flex-1 bg-transparent uppercase outline-none placeholder:normal-case"
        />
      </div>
      <FieldNote id={noteId} error={error} hint={listedHint(props.listed, source)} />
    </div>
  );
}

function whyNot(symbol: string, listed: readonly string[]): string | undefined {
  if (!TradedSymbol.safeParse(symbol).success) return `"${symbol}" is not a symbol`;
  if (listed.length > 0 && !listed.includes(symbol)) {
    return `${symbol} is not in this market. It has ${shorten(listed)}`;
  }
  return undefined;
}

function listedHint(listed: readonly string[], source: MarketSource): string {
  if (source === 'alpaca') return 'Any stock that the broker lets you trade';
  return listed.length === 0 ? 'The market is not connected yet' : `This market has ${shorten(listed)}`;
}

const shownSymbols = 8;

function shorten(symbols: readonly string[]): string {
  const shown = symbols.slice(0, shownSymbols).join(' ');
  const rest = symbols.length - shownSymbols;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
