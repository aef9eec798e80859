//! Defines the market.
