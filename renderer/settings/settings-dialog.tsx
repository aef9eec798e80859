// The operator's settings: theme, daily budget, account, risk limits, dead-man lease, demo market, sandboxes.
import { useState } from 'react';
import { MICROS_PER_USD } from '../../electron/contract/money.ts';
import { useDeskClient } from '../desk-context.tsx';
import { money } from '../format.ts';
import { changeTheme, type ThemeChoice, useThemeChoice } from '../theme.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { Sheet, SheetTitle } from '../ui/sheet.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { AccountForm } from './account-form.tsx';
import { LeaseForm } from './lease-form.tsx';
import { LimitsForm } from './limits-form.tsx';
import { MarketForm } from './market-form.tsx';
import { ProviderForm } from './provider-form.tsx';

export function SettingsDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      description="Theme, daily budget, account, limits, dead-man lease, demo market and sandboxes."
      open={props.open}
      onClose={props.onClose}
      className="w-[600px] p-6"
    >
      <div className="grid gap-5">
        <SheetTitle>Settings</SheetTitle>
        <ThemeSetting />
        <BudgetSetting />
        <AccountForm />
        <LimitsForm />
        <LeaseForm />
        <MarketForm />
        <ProviderForm />
        <div className="flex justify-end">
          <Button onClick={props.onClose}>Close settings</Button>
        </div>
      </div>
    </Sheet>
  );
}

const themes = [
  { value: 'system', label: 'System' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const satisfies readonly { readonly value: ThemeChoice; readonly label: string }[];

function ThemeSetting() {
  const { call } = useDeskClient();
  const choice = useThemeChoice();
  const change = useRequest((next: ThemeChoice) => changeTheme(call, next));
  return (
    <section aria-label="Theme" className="grid gap-1.5">
      <h3 className="text-label text-dim">Theme</h3>
      <Choice label="Theme" value={choice} options={themes} onChoose={(next) => void change.run(next)} />
      <ErrorLine error={change.error} />
    </section>
  );
}

function BudgetSetting() {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const { value: stored, error, setValue: setStored } = useAnswer((ask) => ask('settings.read', {}));
  const [typed, setTyped] = useState<string | null>(null);
  const dollars = typed ?? (stored === null ? '' : (stored.budgetMicros / MICROS_PER_USD).toFixed(2));
  const save = useRequest(async () => {
    const settings = await call('settings.change', { budget: Number(dollars) });
    setStored(settings);
    setTyped(null);
    windowStore.setState({
      outcome: { text: `Daily budget is ${money(settings.budgetMicros)}.`, at: now() },
    });
  });
  const value = Number(dollars);
  const valid = dollars.trim() !== '' && Number.isFinite(value) && value >= 0 && value <= 100_000;
  const changed = stored !== null && valid && Math.round(value * MICROS_PER_USD) !== stored.budgetMicros;
  return (
    <form
      aria-label="Daily budget"
      className="grid gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void save.run();
      }}
    >
      <div className="flex items-start gap-2">
        <Field
          label="Daily budget, USD"
          prefix="$"
          inputMode="decimal"
          className="w-60"
          value={dollars}
          onValue={setTyped}
          disabled={stored === null}
          hint={stored === null ? 'Reading…' : `The day starts at midnight in ${stored.timeZone}`}
          error={stored !== null && !valid ? '$0 to $100,000' : undefined}
        />
        <Button type="submit" className="mt-[22px]" disabled={!changed || save.pending}>
          {save.pending ? 'Saving…' : 'Save budget'}
        </Button>
      </div>
      <ErrorLine error={error ?? save.error} />
    </form>
  );
}
