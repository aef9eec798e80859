// Chooses where sandboxes run, and with which key. A key goes to the host and is never shown again.
import { useState } from 'react';
import type { KeySource } from '../../electron/contract/provider.ts';
import type { OperationInput, OperationOutput } from '../bridge.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { counted, latency } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { draftOf, inputOf, type ProviderDraft } from './provider-draft.ts';
import { ProviderFields } from './provider-fields.tsx';

type Provider = OperationOutput<'provider.show'>;
type Target = OperationInput<'provider.use'>;
type Action = 'test' | 'use' | 'forget';

export function ProviderForm() {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const { value: provider, error, setValue: setProvider } = useAnswer((ask) => ask('provider.show', {}));
  const [changed, setChanged] = useState<Partial<ProviderDraft>>({});
  const [reached, setReached] = useState<OperationOutput<'provider.test'> | null>(null);
  const draft = provider && { ...draftOf(provider.choice), ...changed };
  const input = draft && inputOf(draft);
  const [doing, setDoing] = useState<Action>('test');
  const request = useRequest(async (action: Action) => {
    setDoing(action);
    setReached(null);
    if (action === 'forget') await forget();
    else if (input) await (action === 'test' ? test(input) : use(input));
  });
  async function test(target: Target): Promise<void> {
    setReached(await call('provider.test', target));
  }
  async function use(target: Target): Promise<void> {
    const used = await call('provider.use', target);
    windowStore.setState({ outcome: { text: `Sandboxes now run at ${nameOf(used)}.`, at: now() } });
    setProvider(used);
    setChanged({});
  }
  async function forget(): Promise<void> {
    await call('provider.forgetKey', {});
    windowStore.setState({ outcome: { text: 'The stored key was deleted.', at: now() } });
    setProvider(await call('provider.show', {}));
  }
  const change = (part: Partial<ProviderDraft>): void => {
    request.clear();
    setReached(null);
    setChanged((before) => ({ ...before, ...part }));
  };
  const busy = request.pending;
  return (
    <form
      aria-label="Sandboxes"
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void request.run('use');
      }}
    >
      <h3 className="text-label text-dim">Sandboxes</h3>
      {provider && draft ? (
        <>
          <ProviderCards provider={provider} chosen={draft.id} onChoose={(id) => change({ id })} />
          {draft.id === 'local' ? null : (
            <ProviderFields draft={draft} keyHint={keyHints[provider.keySource]} onChange={change} />
          )}
          <div className="flex items-center gap-2">
            <Button disabled={busy || !input} onClick={() => void request.run('test')}>
              {busy && doing === 'test' ? 'Testing…' : 'Test connection'}
            </Button>
            <Button type="submit" disabled={busy || !input || Object.keys(changed).length === 0}>
              {busy && doing === 'use' ? 'Switching…' : 'Use provider'}
            </Button>
            {provider.keySource === 'stored' ? (
              <Button tone="quiet" disabled={busy} onClick={() => void request.run('forget')}>
                Delete stored key
              </Button>
            ) : null}
          </div>
          {reached ? <Reached {...reached} /> : null}
        </>
      ) : (
        <p className="text-muted">{error ? '' : 'Reading…'}</p>
      )}
      <ErrorLine error={error ?? request.error} />
      <p className="text-label text-dim">
        {draft && draft.id !== 'local' ? `${provider?.keyProtection.detail} ` : null}
        The provider can be changed while no sandbox is alive.
      </p>
    </form>
  );
}

const keyHints: Readonly<Record<KeySource, string>> = {
  environment: 'E2B_API_KEY of the environment is used; it wins',
  stored: 'one is stored; type another to replace it',
  none: 'none is stored',
};

function nameOf({ choice, address }: Provider): string {
  return choice.kind === 'local' || address === null ? 'this machine' : address;
}

interface ProviderCardsProps {
  readonly provider: Provider;
  readonly chosen: ProviderDraft['id'];
  readonly onChoose: (id: ProviderDraft['id']) => void;
}

function ProviderCards({ provider, chosen, onChoose }: ProviderCardsProps) {
  const isDemo = useDesk((desk) => desk.state.mode === 'demo');
  const inUse = draftOf(provider.choice).id;
  const cards = [
    { value: 'local', label: 'Local', detail: 'On this machine' },
    {
      value: 'cloud',
      label: 'E2B cloud',
      detail: isDemo ? 'Not in DEMO, which stays on this machine' : 'Billed by E2B to your account',
    },
    {
      value: 'self-hosted',
      label: 'Self-hosted E2B',
      detail: isDemo ? 'In DEMO on this machine only' : 'Your own servers',
    },
  ] as const;
  return (
    <ChoiceCards
      label="Provider"
      value={chosen}
      cards={cards.map((card) => ({
        ...card,
        detail: card.value === inUse ? `In use. ${card.detail}` : card.detail,
      }))}
      onChoose={onChoose}
    />
  );
}

function Reached({ address, sandboxes, tookMs }: OperationOutput<'provider.test'>) {
  return (
    <p role="status" className="flex items-start gap-2 text-cell text-muted">
      <Glyph shape="dot" className="mt-[3px] text-ok" />
      <span className="min-w-0 break-words">
        Reached {address} in {latency(tookMs)}, {counted(sandboxes, 'sandbox', 'sandboxes')} there
      </span>
    </p>
  );
}
