//! Defines the exchange.
