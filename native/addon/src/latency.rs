//! Bindings of the latency.
