//! Defines the risk.
