//! Defines the latency.
