import { Button } from '../ui/button.tsx';
import { useWindowStore } from '../window-state.ts';

export interface EmptyViewProps {
  readonly title: string;
  readonly detail: string;
  /** Offers to deploy agents where there is none to wait for. */
  readonly deploy?: boolean;
}

/** Stands where rows would be. */
export function EmptyView({ title, detail, deploy = false }: EmptyViewProps) {
  const windowStore = useWindowStore();
  return (
    <div className="grid min-h-0 flex-1 place-items-center rounded-card border border-line bg-surface">
      <div className="grid max-w-[56ch] justify-items-center gap-3 p-6 text-center">
        <p className="font-medium">{title}</p>
        <p className="text-muted">{detail}</p>
        {deploy ? (
          <Button tone="primary" onClick={() => windowStore.setState({ dialog: 'deploy' })}>
            Deploy agents
          </Button>
        ) : null}
      </div>
    </div>
  );
}
