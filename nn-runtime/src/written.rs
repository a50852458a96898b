//! `network!`, `layer!`, and macros for the code that depends on this crate's features, which the expansion does not know.

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

/// Declares the structs of [layers of one's own](trait@crate::Layer): plain data that knows its tensors.
///
/// A struct has named fields, which are its parameters and running statistics: matrices, vectors, arrays or numbers, all of `f32` or
/// all of `f64`. It gets `Clone`, `Copy`, `Debug`, `PartialEq`, `Pod` and `Zeroable`, and [`LayerParameters`](crate::network::LayerParameters),
/// which lists each field as a tensor of its name, with PyTorch's shape. `#[state]` marks a running statistic, which is not trained.
/// Attributes, documentation, visibility and other derives stay. A struct without fields is a layer without parameters, in networks
/// of either type.
///
/// ```
/// use nn_runtime::network::LayerParameters;
/// use nn_runtime::prelude::*;
///
/// layer! {
///     /// A factor for each value, and a shift.
///     pub struct Scale {
///         pub factor: SVector<f32, 4>,
///         pub shift: f32,
///         #[state]
///         pub running_max: SVector<f32, 4>,
///     }
/// }
///
/// let tensors = <Scale as LayerParameters<f32>>::TENSORS;
/// assert!(tensors.iter().map(|tensor| tensor.name).eq(["factor", "shift", "running_max"]));
/// ```
///
/// A struct with a single field may be generic, in its sizes and in the type of its values, and one without fields in settings:
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::scalar::Scalar;
///
/// layer! {
///     pub struct Mix<T: Scalar, const N: usize> { pub weight: SMatrix<T, N, N> }
///     pub struct Steps<const PER_UNIT: usize>;
/// }
///
/// type Mix4 = Mix<f64, 4>; // in `network!`, a type has a name
/// ```
///
/// It has one field, since the compiler cannot look for gaps between the fields of generic plain data.
#[doc(hidden)]
#[macro_export]
macro_rules! __layer {
    ($($tokens:tt)*) => {
        $crate::__private::layer! { [$crate] $($tokens)* }
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
