//! Defines the book.
