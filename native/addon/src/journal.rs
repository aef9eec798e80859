//! Bindings of the journal.
