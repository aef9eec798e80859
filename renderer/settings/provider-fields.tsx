// The fields of an E2B provider: where it is, the account's plan, its key.
import { ProviderPlan } from '../../electron/contract/provider.ts';
import { Choice } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';
import type { ProviderDraft } from './provider-draft.ts';

export interface ProviderFieldsProps {
  readonly draft: ProviderDraft;
  /** Which key is used when none is typed. */
  readonly keyHint: string;
  readonly onChange: (part: Partial<ProviderDraft>) => void;
}

const ways = [
  { value: 'domain', label: 'Domain' },
  { value: 'addresses', label: 'Addresses' },
] as const;

const planNames: Readonly<Record<ProviderPlan, string>> = { hobby: 'Hobby', pro: 'Pro', custom: 'Custom' };
const plans = ProviderPlan.options.map((plan) => ({ value: plan, label: planNames[plan] }));

const planHints: Readonly<Record<ProviderPlan, string>> = {
  hobby: '20 at a time, 1 new a second, 1 h sessions',
  pro: '100 at a time, 5 new a second, 24 h sessions',
  custom: 'the limits of settings.json',
};

export function ProviderFields({ draft, keyHint, onChange }: ProviderFieldsProps) {
  return (
    <div className="grid gap-2">
      {draft.id === 'self-hosted' ? <SelfHostedFields draft={draft} onChange={onChange} /> : null}
      <div className="grid grid-cols-2 gap-3">
        <Field
          label="API key"
          type="password"
          autoComplete="new-password"
          value={draft.key}
          onValue={(key) => onChange({ key })}
          hint={keyHint}
        />
        <div className="grid content-start gap-1">
          <span className="text-label text-dim">Plan</span>
          <div className="flex h-8 items-center">
            <Choice label="Plan" value={draft.plan} options={plans} onChoose={(plan) => onChange({ plan })} />
          </div>
          <p className="min-h-4 text-label text-dim">{planHints[draft.plan]}</p>
        </div>
      </div>
    </div>
  );
}

function SelfHostedFields({ draft, onChange }: Omit<ProviderFieldsProps, 'keyHint'>) {
  return (
    <div className="grid gap-2">
      <Choice label="Reached by" value={draft.by} options={ways} onChoose={(by) => onChange({ by })} />
      {draft.by === 'domain' ? (
        <Field
          label="Domain"
          placeholder="e2b.example.com"
          value={draft.domain}
          onValue={(domain) => onChange({ domain })}
          hint="the API is at api. before it"
        />
      ) : (
        <div className="grid grid-cols-2 gap-3">
          <Field
            label="API address"
            placeholder="http://127.0.0.1:3000"
            value={draft.apiUrl}
            onValue={(apiUrl) => onChange({ apiUrl })}
            hint="http or https"
          />
          <Field
            label="Sandbox address"
            placeholder="http://127.0.0.1:3002"
            value={draft.sandboxUrl}
            onValue={(sandboxUrl) => onChange({ sandboxUrl })}
            hint="http or https"
          />
        </div>
      )}
    </div>
  );
}
