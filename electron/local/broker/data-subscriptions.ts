// What one market data connection listens to. The answer to any change is the complete list.
import { z } from 'zod';

/** Channels of the stock stream. Those the demo market never has news for can be subscribed all the same. */
const channels = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'imbalances',
] as const;
export type Channel = (typeof channels)[number];

const Symbols = z.array(z.string().min(1)).optional();

export const SubscriptionChange = z.object({
  action: z.enum(['subscribe', 'unsubscribe']),
  trades: Symbols,
  quotes: Symbols,
  bars: Symbols,
  updatedBars: Symbols,
  dailyBars: Symbols,
  statuses: Symbols,
  lulds: Symbols,
  imbalances: Symbols,
});
export type SubscriptionChange = z.infer<typeof SubscriptionChange>;

export interface DataSubscriptions {
  /** False, and nothing changed, when the change would exceed the number of symbols allowed. */
  apply(change: SubscriptionChange): boolean;
  includes(channel: Channel, symbol: string): boolean;
  /** The complete list by channel; trades bring corrections and cancelled trades with them. */
  list(): Readonly<Record<string, readonly string[]>>;
}

/** Creates an empty set of subscriptions; `symbolLimit` counts distinct symbols over all channels, "*" not among them. */
export function createDataSubscriptions(symbolLimit: number): DataSubscriptions {
  let current = new Map<Channel, ReadonlySet<string>>();

  function changed(change: SubscriptionChange): Map<Channel, ReadonlySet<string>> {
    const next = new Map(current);
    for (const channel of channels) {
      const symbols = new Set(next.get(channel));
      for (const symbol of change[channel] ?? []) {
        if (change.action === 'subscribe') symbols.add(symbol);
        else symbols.delete(symbol);
      }
      next.set(channel, symbols);
    }
    return next;
  }

  return {
    apply(change) {
      const next = changed(change);
      const distinct = new Set([...next.values()].flatMap((symbols) => [...symbols]));
      distinct.delete('*');
      if (change.action === 'subscribe' && distinct.size > symbolLimit) return false;
      current = next;
      return true;
    },
    includes(channel, symbol) {
      const symbols = current.get(channel);
      return symbols !== undefined && (symbols.has(symbol) || symbols.has('*'));
    },
    list() {
      const lists = Object.fromEntries(
        channels.map((channel) => [channel, [...(current.get(channel) ?? [])]]),
      );
      return { ...lists, corrections: lists['trades'] ?? [], cancelErrors: lists['trades'] ?? [] };
    },
  };
}
