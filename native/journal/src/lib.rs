//! Append-only, hash-chained event store on SQLite.
