//! `network!`, and macros for the code that every network has; the expansion calls them.

mod methods;
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

/// Implements `ZERO`, `new`, `boxed`, `init` and `copy_from` of a struct of parameters. The network's `$init` draws them.
#[doc(hidden)]
#[macro_export]
macro_rules! __constructors {
    ($parameters:ident, $network:ty, $inputs:literal, $outputs:literal, $init:ident) => {
        $crate::__zero! { $parameters, "All parameters 0.", "::boxed(..)" }

        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: $crate::rand_core::Rng + ?::core::marker::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> $crate::__private::OnStack<'a, { $crate::__private::fits_stack::<$parameters>() }>,
        {
            let mut __new: Self = $crate::__private::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }

        $crate::__boxed!();

        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: $crate::rand_core::Rng + ?::core::marker::Sized>(&mut self, __rng: &mut R) {
            <$network as $crate::Network<$inputs, $outputs>>::$init(self, __rng);
        }

        /// Copies all parameters in place. In a build without optimisation, `*a = *b` copies through the stack.
        pub fn copy_from(&mut self, __source: &Self) {
            $crate::bytemuck::bytes_of_mut(self).copy_from_slice($crate::bytemuck::bytes_of(__source));
        }
    };
}

/// Defines `ZERO`, which does not compile where it is too large for the stack.
#[doc(hidden)]
#[macro_export]
macro_rules! __zero {
    ($name:ident, $docs:literal, $boxed:literal) => {
        #[doc = $docs]
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            $crate::__private::room::<Self>().expect($crate::__too_large!($name, $boxed));
            $crate::__private::zeroed()
        };
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

/// The runs of a network, from its table of layers.
#[doc(hidden)]
#[macro_export]
macro_rules! __runs {
    ($network:ty, $inputs:literal, $outputs:literal) => {{
        const LAYERS: &[$crate::__private::LayerInfo] = <$network as $crate::Network<$inputs, $outputs>>::LAYERS;
        &$crate::__private::join_runs::<{ $crate::__private::count_runs(LAYERS) }>(LAYERS)
    }};
}

/// Declares a struct of parameters; its stages are named as the user likes.
#[doc(hidden)]
#[macro_export]
macro_rules! __parameters {
    ($item:item) => {
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            $crate::bytemuck::Pod,
            $crate::bytemuck::Zeroable,
        )]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(C)]
        #[allow(clippy::struct_field_names)]
        $item
    };
}

/// Implements `Default` for a struct of parameters: zeros.
#[doc(hidden)]
#[macro_export]
macro_rules! __default {
    ($name:ident) => {
        impl ::core::default::Default for $name
        where
            Self: for<'a> $crate::__private::OnStack<'a, { $crate::__private::fits_stack::<$name>() }>,
        {
            fn default() -> Self {
                $crate::__private::zeroed()
            }
        }
    };
}

/// Declares a workspace and its consts.
#[doc(hidden)]
#[macro_export]
macro_rules! __workspace {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident<const __BATCH: usize = 1> { $($fields:tt)* }) => {
        $(#[$attribute])*
        #[derive(::core::clone::Clone, $crate::bytemuck::Zeroable)]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(C)]
        $visibility struct $name<const __BATCH: $crate::__private::usize = 1> { $($fields)* }

        impl<const __BATCH: $crate::__private::usize> $name<__BATCH> {
            /// The workspace's size.
            pub const BYTES: $crate::__private::usize = $crate::__private::size_of::<Self>();
            $crate::__zero! { $name, "A workspace to begin with.", "::boxed()" }
            $crate::__boxed_zero!();
        }
    };
}

/// Declares the state of a sequence.
#[doc(hidden)]
#[macro_export]
macro_rules! __state {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident { $($fields:tt)* }) => {
        $(#[$attribute])*
        #[derive(::core::clone::Clone, $crate::bytemuck::Zeroable)]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(C)]
        $visibility struct $name { $($fields)* }

        impl $name {
            $crate::__zero! { $name, "The state before the first step.", "::boxed()" }
            $crate::__boxed_zero!();

            /// Forgets everything, in place, as before the first step.
            pub fn reset(&mut self) {
                $crate::bytemuck::write_zeroes(self);
            }
        }
    };
}

/// Implements `summary` of a network, its table of layers, and defines the hidden const of its declaration.
#[doc(hidden)]
#[macro_export]
macro_rules! __summary {
    ($name:literal, $element:literal $input:literal [$inputs:literal] -> $scalar:literal $output:literal [$outputs:literal]) => {
        #[doc(hidden)]
        pub const __DECLARED: $crate::__private::Option<$crate::__private::Declared> =
            $crate::__private::Some($crate::__private::Declared {
                shapes: [$input, $output],
                sizes: [$inputs, $outputs],
                elements: [$element, $scalar],
                has_frozen: $crate::__private::size_of::<<Self as $crate::Network<$inputs, $outputs>>::Frozen>() > 0,
            });

        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> $crate::__private::Summary {
            $crate::__private::summary::<Self, $inputs, $outputs>($name)
        }
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
