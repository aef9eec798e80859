//! Defines the strategy.
