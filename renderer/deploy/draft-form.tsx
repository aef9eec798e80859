// The left half of the deploy sheet: strategy, symbols, sizes, and the same thing as a command line.
import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useNow } from '../desk-context.tsx';
import { minuteOfDay } from '../format-time.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { SheetTitle } from '../ui/sheet.tsx';
import { commandLine, type DeployDraft, type FieldErrors } from './deploy-draft.ts';
import { SymbolsInput } from './symbols-input.tsx';

export interface DraftFormProps {
  readonly draft: DeployDraft;
  readonly errors: FieldErrors;
  readonly listed: readonly string[];
  readonly onChange: (change: Partial<DeployDraft>) => void;
}

export function DraftForm({ draft, errors, listed, onChange }: DraftFormProps) {
  return (
    <div className="flex min-w-0 flex-col justify-between gap-4 px-6 py-5">
      <div className="grid gap-4">
        <SheetTitle>Deploy a swarm</SheetTitle>
        <StrategyCard fast={draft.fast} slow={draft.slow} />
      </div>
      <div className="grid grid-cols-[2fr_1fr_1fr] gap-3">
        <SymbolsInput
          symbols={draft.symbols}
          listed={listed}
          error={errors.symbols}
          onChange={(symbols) => onChange({ symbols })}
        />
        <Field
          label="Agents"
          autoFocus
          inputMode="numeric"
          value={draft.count}
          onValue={(count) => onChange({ count })}
          hint="1 to 100"
          error={errors.count}
        />
        <Field
          label="Hours"
          inputMode="decimal"
          value={draft.hours}
          onValue={(hours) => onChange({ hours })}
          hint={<EndsAt hours={Number(draft.hours)} />}
          error={errors.hours}
        />
      </div>
      <div className="grid grid-cols-3 gap-3">
        <Field
          label="Fast EMA"
          inputMode="numeric"
          unit="bars"
          value={draft.fast}
          onValue={(fast) => onChange({ fast })}
          hint="2 to 200"
          error={errors.fast}
        />
        <Field
          label="Slow EMA"
          inputMode="numeric"
          unit="bars"
          value={draft.slow}
          onValue={(slow) => onChange({ slow })}
          hint="more than fast, to 400"
          error={errors.slow}
        />
        <Field
          label="Max position"
          inputMode="decimal"
          prefix="$"
          value={draft.maxPosition}
          onValue={(maxPosition) => onChange({ maxPosition })}
          hint="per agent and symbol"
          error={errors.maxPosition}
        />
      </div>
      <CommandLine text={commandLine(draft)} />
    </div>
  );
}

function StrategyCard(props: { readonly fast: string; readonly slow: string }) {
  return (
    <section aria-label="Strategy" className="rounded-card border border-accent bg-accent/8 px-3.5 py-2.5">
      <h3 className="font-medium">Momentum</h3>
      <p className="text-cell text-muted">
        Follows the trend: holds while the {props.fast} bar average is on one side of the {props.slow} bar
        average.
      </p>
    </section>
  );
}

function EndsAt(props: { readonly hours: number }) {
  const now = useNow(10_000);
  if (!Number.isFinite(props.hours) || props.hours <= 0) return '0.1 to 24';
  return `until ${minuteOfDay(now + props.hours * 3_600_000)}`;
}

type CopyState = 'idle' | 'copied' | 'selected';

function CommandLine({ text }: { readonly text: string }) {
  const code = useRef<HTMLElement>(null);
  const [done, setDone] = useState<{ readonly text: string; readonly state: CopyState }>({
    text,
    state: 'idle',
  });
  const state = done.text === text ? done.state : 'idle';
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setDone({ text, state: 'copied' }),
      () => {
        // Where the clipboard is refused, the text is at least ready for Ctrl+C.
        if (code.current) window.getSelection()?.selectAllChildren(code.current);
        setDone({ text, state: 'selected' });
      },
    );
  };
  return (
    <div className="grid gap-1">
      <span className="text-label text-dim">The same from a terminal</span>
      <div className="flex items-start gap-2">
        <code
          ref={code}
          className="min-w-0 flex-1 rounded-control border border-line bg-bg px-2.5 py-1.5 font-mono text-label break-words text-muted select-text"
        >
          {text}
        </code>
        <Button aria-label="Copy the command line" onClick={copy}>
          {state === 'copied' ? (
            <Check size={13} aria-hidden="true" />
          ) : (
            <Copy size={13} aria-hidden="true" />
          )}
          {copyWords[state]}
        </Button>
      </div>
    </div>
  );
}

const copyWords: Record<CopyState, string> = { idle: 'Copy', copied: 'Copied', selected: 'Press Ctrl C' };
