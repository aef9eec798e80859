//! Bindings of the spend.
