// The settings of an account that its owner may change, and what is read of a change to them.
import { z } from 'zod';

export const AccountConfiguration = z.object({
  suspend_trade: z.boolean(),
  no_shorting: z.boolean(),
  fractional_trading: z.boolean(),
  /** The demo account offers no more than 2. */
  max_margin_multiplier: z.enum(['1', '2', '4']),
  /** Kept and shown; no mail is ever sent. */
  trade_confirm_email: z.enum(['all', 'none']),
  ptp_no_exception_entry: z.boolean(),
  disable_overnight_trading: z.boolean(),
  max_options_trading_level: z.int().min(0).max(3),
});
export type AccountConfiguration = z.infer<typeof AccountConfiguration>;

/** Those of a new account. */
export const defaultConfiguration: AccountConfiguration = {
  suspend_trade: false,
  no_shorting: false,
  fractional_trading: true,
  max_margin_multiplier: '2',
  trade_confirm_email: 'all',
  ptp_no_exception_entry: false,
  disable_overnight_trading: false,
  max_options_trading_level: 0,
};

/** A change; clients send nulls and retired fields along, which change nothing. */
export const ConfigurationChange = z
  .record(z.string(), z.unknown())
  .transform((sent) => Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null)));
