//! Bindings of the exchange.
