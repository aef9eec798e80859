//! Defines the matching.
