//! Bindings of the risk.
