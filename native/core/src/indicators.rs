//! Defines the indicators.
