//! Defines the bars.
