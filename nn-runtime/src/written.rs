//! `network!`, and macros for the code that depends on this crate's features, which the expansion does not know.

mod weights;

/// Declares neural networks; each becomes a struct of statically sized matrices with its forward and backward passes.
///
/// The documentation of the crate shows the language.
#[doc(hidden)]
#[macro_export]
macro_rules! __network {
    ($($tokens:tt)*) => {
        // the expansion finds this crate by `$crate`, whatever name the user's crate knows it by
        $crate::__private::network! { [$crate] $($tokens)* }
    };
}

/// The message of a `ZERO` that is too large for the stack.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __too_large {
    ($name:ident, $boxed:literal) => {
        ::core::concat!(
            "this `",
            ::core::stringify!($name),
            "` is too large for the stack, which takes up to 448 KiB: write `",
            ::core::stringify!($name),
            $boxed,
            "`, or in a `static` `nn_runtime::bytemuck::zeroed()`"
        )
    };
}

/// The message of a `ZERO` that is too large for the stack, where there is no allocator.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __too_large {
    ($name:ident, $boxed:literal) => {
        ::core::concat!(
            "this `",
            ::core::stringify!($name),
            "` is too large for the stack, which takes up to 448 KiB: in a `static`, write `nn_runtime::bytemuck::zeroed()`"
        )
    };
}

/// Implements `boxed` and `clone_from` of a struct of parameters in a `Box`, where there is an allocator.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __boxed {
    () => {
        /// New parameters in a `Box`, drawn as PyTorch does by default; they are never on the stack.
        pub fn boxed<R: $crate::rand_core::Rng + ?::core::marker::Sized>(
            __rng: &mut R,
        ) -> $crate::__private::Box<Self> {
            let mut __new: $crate::__private::Box<Self> = $crate::bytemuck::zeroed_box();
            Self::init(&mut __new, __rng);
            __new
        }

        /// [`Clone::clone_from`] of a `Box`, in place: it would copy through the stack in a build without optimisation.
        pub fn clone_from(self: &mut $crate::__private::Box<Self>, __source: &Self) {
            Self::copy_from(self, __source);
        }
    };
}

/// Implements `boxed` of zeros, where there is an allocator.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __boxed_zero {
    () => {
        /// A new one in a `Box`; it is never on the stack.
        #[must_use]
        pub fn boxed() -> $crate::__private::Box<Self> {
            $crate::bytemuck::zeroed_box()
        }
    };
}

/// Expands to nothing: there is no allocator.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __boxed_zero {
    () => {};
}

/// Expands to nothing: there is no allocator.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __boxed {
    () => {};
}
