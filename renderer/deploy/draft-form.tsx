// The left half of the deploy sheet: strategy, symbols, sizes, and the same thing as a command line.
import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useNow } from '../desk-context.tsx';
import { minuteOfDay } from '../format-time.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { SheetTitle } from '../ui/sheet.tsx';
import { choiceOf, commandLine, type DeployDraft, type FieldErrors } from './deploy-draft.ts';
import { ParamFields } from './param-fields.tsx';
import { StrategyChoice } from './strategy-choice.tsx';
import { SymbolsInput } from './symbols-input.tsx';

export interface DraftFormProps {
  readonly draft: DeployDraft;
  readonly errors: FieldErrors;
  readonly listed: readonly string[];
  readonly onChange: (change: Partial<DeployDraft>) => void;
}

export function DraftForm({ draft, errors, listed, onChange }: DraftFormProps) {
  return (
    <div className="flex min-w-0 flex-col">
      <div className="grid min-h-0 flex-1 content-start gap-3.5 overflow-y-auto px-6 pt-5">
        <SheetTitle>Deploy a swarm</SheetTitle>
        <StrategyChoice
          chosen={draft.strategy}
          onChoose={(strategy) => onChange(choiceOf(strategy, draft.symbols, listed))}
        />
        <div className="grid grid-cols-[2.8fr_0.85fr_0.85fr_1.25fr] gap-3">
          <SymbolsInput
            symbols={draft.symbols}
            listed={listed}
            error={errors['symbols']}
            onChange={(symbols) => onChange({ symbols })}
          />
          <Field
            label="Agents"
            autoFocus
            inputMode="numeric"
            value={draft.count}
            onValue={(count) => onChange({ count })}
            hint="1 to 100"
            error={errors['count']}
          />
          <Field
            label="Hours"
            inputMode="decimal"
            value={draft.hours}
            onValue={(hours) => onChange({ hours })}
            hint={<EndsAt hours={Number(draft.hours)} />}
            error={errors['hours']}
          />
          <Field
            label="Max position"
            inputMode="decimal"
            prefix="$"
            value={draft.maxPosition}
            onValue={(maxPosition) => onChange({ maxPosition })}
            hint="per agent and symbol"
            error={errors['maxPosition']}
          />
        </div>
        <ParamFields
          key={draft.strategy.id}
          params={draft.strategy.params}
          values={draft.params}
          errors={errors}
          onChange={(params) => onChange({ params })}
        />
      </div>
      <div className="px-6 pt-3.5 pb-5">
        <CommandLine text={commandLine(draft)} />
      </div>
    </div>
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
