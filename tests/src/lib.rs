//! What the tests of both crates share.
