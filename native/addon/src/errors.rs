//! Errors in the form that JavaScript sees: `error.code` is one of ours, the message is for people.

/// Builds an error whose `code` property in JavaScript is `code`.
pub fn coded(code: &'static str, message: impl std::fmt::Display) -> napi::Error<&'static str> {
    napi::Error::new(code, message.to_string())
}
