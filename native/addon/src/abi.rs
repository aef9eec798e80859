//! Lets the loader refuse an addon built from other sources.

use napi_derive::napi;

/// Version of the surface; the loader compares it with its own constant.
#[napi]
pub fn abi() -> u32 {
    2
}
