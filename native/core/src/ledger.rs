//! Defines the ledger.
