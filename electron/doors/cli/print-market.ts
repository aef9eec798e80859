// Words for what the operations on the demo market and the settings answer.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { chooseMarket, listMarkets, MarketChoice, Settings } from '../../contract/market.ts';
import { span, usd } from './format.ts';
import { table, type View } from './view.ts';

export function printMarkets({ current, sources }: OutputOf<typeof listMarkets>, view: View): string {
  const rows = table(
    sources,
    [
      { title: 'market', cell: (source) => source.id },
      { title: 'available', cell: (source) => (source.available ? 'yes' : 'no') },
      { title: 'name', cell: (source) => source.label },
      { title: 'detail', cell: (source) => source.detail },
    ],
    view,
    'No market is available.',
  );
  return `In use: ${describeMarket(current)}\n\n${rows}`;
}

export function printMarket({ label, symbols }: OutputOf<typeof chooseMarket>): string {
  return `The demo market is now ${label} with ${symbols.join(', ')}.`;
}

export function printSettings(settings: Settings): string {
  const { sandboxes } = settings;
  return [
    `Budget     ${usd(settings.budgetMicros)} a day, in ${settings.timeZone}`,
    `Market     ${describeMarket(settings.market)}`,
    `Sandboxes  ${sandboxes.cpuCount} vCPU, ${sandboxes.memoryMb} MB, leased for ${span(sandboxes.leaseMs)}, at most ${sandboxes.limit}, ${sandboxes.createsPerSecond} creations a second`,
    `Dead-man   lease of ${settings.deadMan.leaseS} s`,
    `Theme      ${settings.theme}`,
  ].join('\n');
}

function describeMarket(market: MarketChoice): string {
  switch (market.source) {
    case 'simulator':
      return `simulator, seed ${market.seed}, ${market.speed} market seconds a second, ${market.fills ?? 'alpaca-paper'} fills`;
    case 'replay':
      return `replay of ${market.file}, ${market.barsPerSecond} bars a second`;
  }
}
