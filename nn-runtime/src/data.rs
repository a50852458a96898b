//! Borrowed data.
