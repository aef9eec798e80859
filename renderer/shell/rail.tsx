// The way between screens. It lists what exists, nothing else.
import { ArrowLeftRight, FlaskConical, LayoutDashboard, Rocket, Rows3, Settings2 } from 'lucide-react';
import type { ComponentType } from 'react';
import { classNames } from '../ui/class-names.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { type Screen, useWindow, useWindowStore } from '../window-state.ts';

export function Rail() {
  const store = useWindowStore();
  const screen = useWindow((state) => state.screen);
  const show = (next: Screen) => () => store.setState({ screen: next });
  return (
    <nav
      aria-label="Screens"
      className="flex w-52 shrink-0 flex-col gap-0.5 border-r border-line bg-surface px-2 py-3 max-[1180px]:w-14"
    >
      <RailItem
        icon={LayoutDashboard}
        label="Overview"
        keys="G O"
        current={screen === 'overview'}
        onPress={show('overview')}
      />
      <RailItem icon={Rows3} label="Fleet" keys="G F" current={screen === 'fleet'} onPress={show('fleet')} />
      <RailItem
        icon={ArrowLeftRight}
        label="Trading"
        keys="G T"
        current={screen === 'trading'}
        onPress={show('trading')}
      />
      <RailItem
        icon={FlaskConical}
        label="Research"
        keys="G R"
        current={screen === 'research'}
        onPress={show('research')}
      />
      <RailItem
        icon={Rocket}
        label="Deploy"
        keys="G D"
        onPress={() => store.setState({ dialog: 'deploy' })}
      />
      <div className="flex-1" />
      <RailItem icon={Settings2} label="Settings" onPress={() => store.setState({ dialog: 'settings' })} />
    </nav>
  );
}

interface RailItemProps {
  readonly icon: ComponentType<{ readonly size: number; readonly strokeWidth: number }>;
  readonly label: string;
  readonly keys?: string;
  readonly current?: boolean;
  readonly onPress: () => void;
}

function RailItem({ icon: Icon, label, keys, current = false, onPress }: RailItemProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-current={current ? 'page' : undefined}
      onClick={onPress}
      className={classNames(
        'flex h-8 items-center gap-2.5 rounded-control border-l-2 px-2 text-left',
        current
          ? 'border-accent bg-raised font-medium text-text'
          : 'border-transparent text-muted hover:bg-raised/60 hover:text-text',
      )}
    >
      <Icon size={16} strokeWidth={1.6} />
      <span className="max-[1180px]:hidden">{label}</span>
      {keys === undefined ? null : <KeyHint keys={keys} className="ml-auto text-dim max-[1180px]:hidden" />}
    </button>
  );
}
