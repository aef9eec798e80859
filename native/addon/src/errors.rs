//! Errors in the form that JavaScript sees: `error.code` is one of ours, the message is for people.

use desk_core::book::BookError;
use desk_journal::JournalError;

/// Input that no correct caller gives.
pub const INVALID_INPUT: &str = "INVALID_INPUT";

/// What a bound function returns: a value, or an error whose `code` is the status.
/// (napi's macro knows results by this name.)
pub type Result<T> = std::result::Result<T, napi::Error<&'static str>>;

/// Builds an error whose `code` property in JavaScript is `code`.
pub fn coded(code: &'static str, message: impl std::fmt::Display) -> napi::Error<&'static str> {
    napi::Error::new(code, message.to_string())
}

/// Wraps a bug in the caller's input to the book.
pub fn book_error(symbol: &str, error: BookError) -> napi::Error<&'static str> {
    coded(INVALID_INPUT, format!("{symbol}: {error}"))
}

/// Wraps a failure of the journal under its own code.
pub fn journal_error(error: JournalError) -> napi::Error<&'static str> {
    coded(error.code(), error)
}
