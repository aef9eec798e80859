// "Deploy a swarm": what to deploy on the left, what it will cost on the right, one button that does it.
import { useState } from 'react';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { counted, latency } from '../format.ts';
import { Sheet } from '../ui/sheet.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { type DeployDraft, errorsOfRefusal, initialDraft, parseDraft } from './deploy-draft.ts';
import { DraftForm } from './draft-form.tsx';
import { PricePanel } from './price-panel.tsx';
import { usePrice } from './use-price.ts';

export function DeployDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet
      description="Choose symbols, agents and hours; the price is shown before anything is spent."
      open={props.open}
      onClose={props.onClose}
      className="w-[980px]"
    >
      <DeployContent onClose={props.onClose} />
    </Sheet>
  );
}

function DeployContent({ onClose }: { readonly onClose: () => void }) {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const market = useDesk((desk) => desk.state.market);
  const listed = market?.symbols;
  const [draft, setDraft] = useState<DeployDraft>(() =>
    initialDraft(market?.source === 'alpaca' ? null : (listed ?? [])),
  );
  const parsed = parseDraft(draft);
  const price = usePrice(parsed);
  const deploy = useRequest(async () => {
    if (!parsed.ok) return;
    const done = await call('swarm.deploy', parsed.input);
    const agents = counted(done.agentIds.length, 'agent');
    const sandboxes = counted(done.sandboxes, 'sandbox', 'sandboxes');
    windowStore.setState({
      screen: 'fleet',
      outcome: { text: `Deployed ${agents} in ${sandboxes} in ${latency(done.tookMs)}.`, at: now() },
    });
    onClose();
  });
  const refusal = deploy.error ?? price.error;
  const refusedFields = refusal ? errorsOfRefusal(refusal) : {};
  const errors = parsed.ok ? refusedFields : parsed.errors;
  const lineError = Object.keys(refusedFields).length > 0 ? null : refusal;
  const refused = price.error !== null && Object.keys(errorsOfRefusal(price.error)).length > 0;
  const submit = (): void => {
    if (parsed.ok && !refused) void deploy.run();
  };
  return (
    <form
      className="grid max-h-[max(526px,calc(100vh-118px))] grid-cols-[1fr_340px] grid-rows-[minmax(0,1fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        submit();
      }}
    >
      <DraftForm
        draft={draft}
        errors={errors}
        listed={listed ?? []}
        onChange={(change) => {
          deploy.clear();
          setDraft({ ...draft, ...change });
        }}
      />
      <PricePanel
        parsed={parsed}
        price={price}
        disabled={!parsed.ok || refused || deploy.pending}
        pending={deploy.pending}
        error={lineError}
        onPlacement={(perSandbox) => setDraft({ ...draft, perSandbox })}
      />
    </form>
  );
}
