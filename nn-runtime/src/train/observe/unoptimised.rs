//! Whether the code that trains was compiled without optimisation.

use alloc::string::String;
use core::hint::black_box;

/// What to write in Cargo.toml, if the function that calls this one was compiled without optimisation; `None` in a release build.
///
/// A network's code is generic, so it is compiled in the user's crate with its options, whatever this crate is compiled with. That is why this
/// is inlined always: it looks at its caller.
#[inline(always)]
pub(in crate::train) fn unoptimised_note() -> Option<String> {
    (cfg!(debug_assertions) && is_unoptimised()).then(|| {
        String::from(
            "note: this program is built without optimisation, so training is 10 to 200 times slower than it need be\n\
             help: in Cargo.toml:\n\
             [profile.dev]\n\
             opt-level = 3",
        )
    })
}

/// Whether the caller was compiled with `opt-level = 0`.
///
/// Two variables whose lives do not overlap share a place on the stack if the compiler optimises, at every level, but each have their
/// own at level 0, where the compiler does not work out when a variable's life ends. Unlike a comparison of times this does not
/// depend on what else runs on the machine, and costs nothing.
#[inline(always)]
fn is_unoptimised() -> bool {
    let first = {
        let variable = 1_u64;
        core::ptr::from_ref(black_box(&variable)).addr()
    };
    let second = {
        let variable = 2_u64;
        core::ptr::from_ref(black_box(&variable)).addr()
    };
    first != second
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This crate's tests are optimised.
    #[test]
    fn a_crate_that_is_optimised_gets_no_note() {
        assert!(!is_unoptimised());
        assert_eq!(unoptimised_note(), None);
    }
}
