//! Orders that were refused.

use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::refusal::Refusal;
use crate::money::QtyNanos;

/// An order that was refused. Why is only put into words when it is asked for: thousands may be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied {
    /// Start of the bar on which it would have been sent.
    pub at_ms: i64,
    /// In what.
    pub symbol: Arc<str>,
    /// Signed quantity.
    pub qty_nanos: QtyNanos,
    pub(super) refusal: Refusal,
}

impl Denied {
    /// The gate's code, or `BUYING_POWER`.
    pub fn code(&self) -> &'static str {
        self.refusal.code()
    }

    /// The gate's sentence.
    pub fn detail(&self) -> String {
        self.refusal.to_string()
    }
}

impl Serialize for Denied {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct("Denied", 5)?;
        fields.serialize_field("atMs", &self.at_ms)?;
        fields.serialize_field("symbol", &self.symbol)?;
        fields.serialize_field("qtyNanos", &self.qty_nanos)?;
        fields.serialize_field("code", self.code())?;
        fields.serialize_field("detail", &self.detail())?;
        fields.end()
    }
}
