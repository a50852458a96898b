//! A user of the runtime under other names than its own: see the tests.
