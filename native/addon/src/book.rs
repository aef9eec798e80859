//! Bindings of the book.
