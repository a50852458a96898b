//! `network!`, and macros for the code that every network has; the expansion calls them.

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

/// Implements `state_dict` and `state_dict_mut` of a network.
#[doc(hidden)]
#[macro_export]
macro_rules! __state_dict {
    ($inputs:literal, $outputs:literal) => {
        $crate::__state_dict!(@write $inputs, $outputs, (), (&()), (), ($crate::__private::no_frozen()));
    };
    ($inputs:literal, $outputs:literal, $frozen:ident) => {
        $crate::__state_dict! {
            @write $inputs, $outputs, (__frozen: &'a $frozen), (__frozen), (__frozen: &'a mut $frozen), (__frozen)
        }
    };
    (@write $inputs:literal, $outputs:literal, ($($argument:tt)*), ($($value:tt)*), ($($argument_mut:tt)*), ($($value_mut:tt)*)) => {
        /// All parameters and running statistics by PyTorch's names, frozen ones included, in the order of PyTorch's `state_dict`.
        pub fn state_dict<'a>(
            &'a self,
            $($argument)*
        ) -> impl $crate::__private::Iterator<
            Item = $crate::network::TensorView<'a, <Self as $crate::Network<$inputs, $outputs>>::Scalar>,
        > {
            <Self as $crate::Network<$inputs, $outputs>>::state_dict(self, $($value)*)
        }

        /// The same, to be written.
        pub fn state_dict_mut<'a>(
            &'a mut self,
            $($argument_mut)*
        ) -> impl $crate::__private::Iterator<
            Item = $crate::network::TensorViewMut<'a, <Self as $crate::Network<$inputs, $outputs>>::Scalar>,
        > {
            <Self as $crate::Network<$inputs, $outputs>>::state_dict_mut(self, $($value_mut)*)
        }
    };
}

/// Implements `to_bytes`, `from_bytes`, `save`, `load` and `load_in` of a network.
#[cfg(feature = "safetensors")]
#[doc(hidden)]
#[macro_export]
macro_rules! __weights {
    ($name:ident) => {
        $crate::__weights! {
            @both (), &(), (), $crate::__private::no_frozen(),
            __new = $name, __new, $crate::__private::no_frozen()
        }
    };
    ($name:ident, $frozen:ident) => {
        $crate::__weights! {
            @both (__frozen: &$frozen,), __frozen, (__frozen: &mut $frozen,), __frozen,
            __new = ($name, $frozen), &mut __new.0, &mut __new.1
        }
    };
    (@both $($parts:tt)*) => {
        $crate::__weights!(@bytes $($parts)*);
        $crate::__weights_in_files!($($parts)*);
    };
    (@bytes ($($argument:tt)*), $value:expr, ($($argument_mut:tt)*), $value_mut:expr,
     $new:ident = $loaded:ty, $network:expr, $frozen:expr) => {
        /// The bytes of a safetensors file with all parameters and running statistics, frozen ones included: the names, shapes and
        /// values of PyTorch's `state_dict`.
        #[must_use]
        pub fn to_bytes(&self, $($argument)*) -> $crate::__private::Vec<$crate::__private::u8> {
            $crate::weights::to_bytes(self, $value)
        }

        /// Loads the bytes of a safetensors file. Above 192 KiB it does not compile: write `boxed`, then `weights::Load::bytes`.
        ///
        /// # Errors
        /// See `weights::LoadError`.
        pub fn from_bytes(
            __bytes: &[$crate::__private::u8],
        ) -> $crate::__private::Result<$loaded, $crate::weights::LoadError>
        where
            Self: for<'a> $crate::__private::Loads<
                'a,
                { $crate::__private::size_of::<$loaded>() <= $crate::__private::LOAD_BYTES },
            >,
        {
            $crate::__private::loaded(|$new: &mut $loaded| {
                $crate::weights::Load::new().bytes_with_frozen($network, $frozen, __bytes)
            })
        }
    };
}

/// The part of `__weights` for files.
#[cfg(all(feature = "safetensors", feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __weights_in_files {
    (($($argument:tt)*), $value:expr, ($($argument_mut:tt)*), $value_mut:expr,
     $new:ident = $loaded:ty, $network:expr, $frozen:expr) => {
        /// Saves all parameters and running statistics in a safetensors file, frozen ones included: the names, shapes and values of
        /// PyTorch's `state_dict`. An old file is replaced by a whole new one.
        ///
        /// # Errors
        /// If a value is not finite, or the file cannot be written; an old file stays as it is.
        pub fn save(
            &self,
            $($argument)*
            __path: impl ::core::convert::AsRef<$crate::__private::Path>,
        ) -> $crate::__private::Result<(), $crate::weights::SaveError> {
            $crate::weights::save(self, $value, __path)
        }

        /// Loads a safetensors file. Above 192 KiB it does not compile: write `boxed`, then `load_in`.
        ///
        /// # Errors
        /// See `weights::LoadError`.
        pub fn load(
            __path: impl ::core::convert::AsRef<$crate::__private::Path>,
        ) -> $crate::__private::Result<$loaded, $crate::weights::LoadError>
        where
            Self: for<'a> $crate::__private::Loads<
                'a,
                { $crate::__private::size_of::<$loaded>() <= $crate::__private::LOAD_BYTES },
            >,
        {
            $crate::__private::loaded(|$new: &mut $loaded| {
                $crate::weights::Load::new().file_with_frozen($network, $frozen, __path)
            })
        }

        /// Loads a safetensors file in place, a network of any size. `weights::Load` has the choices.
        ///
        /// # Errors
        /// See `weights::LoadError`; nothing is changed then.
        pub fn load_in(
            &mut self,
            $($argument_mut)*
            __path: impl ::core::convert::AsRef<$crate::__private::Path>,
        ) -> $crate::__private::Result<$crate::weights::Report, $crate::weights::LoadError> {
            $crate::weights::Load::new().file_with_frozen(self, $value_mut, __path)
        }
    };
}

/// Expands to nothing: without `std` there are no files.
#[cfg(all(feature = "safetensors", not(feature = "std")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __weights_in_files {
    ($($parts:tt)*) => {};
}

/// Expands to nothing: the feature `safetensors` is off.
#[cfg(not(feature = "safetensors"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __weights {
    ($($parts:tt)*) => {};
}

/// Implements serde's traits for a network, or for its frozen parameters.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($parameters:ident, $network:ty, $inputs:literal, $outputs:literal, $is_frozen:literal) => {
        #[automatically_derived]
        impl $crate::__private::Serialize for $parameters {
            fn serialize<__S: $crate::__private::Serializer>(
                &self,
                __serializer: __S,
            ) -> $crate::__private::Result<__S::Ok, __S::Error> {
                $crate::__private::serialize::<_, <$network as $crate::Network<$inputs, $outputs>>::Scalar, __S>(
                    self,
                    <$network as $crate::Network<$inputs, $outputs>>::LAYERS,
                    $is_frozen,
                    __serializer,
                )
            }
        }

        #[automatically_derived]
        impl $crate::__private::DeserializeIn for $parameters {
            fn deserialize_in<'de, __D: $crate::__private::Deserializer<'de>>(
                &mut self,
                __deserializer: __D,
            ) -> $crate::__private::Result<(), __D::Error> {
                $crate::__private::deserialize::<_, <$network as $crate::Network<$inputs, $outputs>>::Scalar, __D>(
                    self,
                    <$network as $crate::Network<$inputs, $outputs>>::LAYERS,
                    $is_frozen,
                    __deserializer,
                )
            }
        }

        #[automatically_derived]
        impl<'de> $crate::__private::Deserialize<'de> for $parameters {
            fn deserialize<__D: $crate::__private::Deserializer<'de>>(
                __deserializer: __D,
            ) -> $crate::__private::Result<Self, __D::Error> {
                $crate::__private::by_value(__deserializer)
            }
        }
    };
}

/// Expands to nothing: the feature `serde` is off.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($arguments:tt)*) => {};
}

/// Implements `predict` of a network, whose workspace is on the stack.
#[doc(hidden)]
#[macro_export]
macro_rules! __predict {
    ($input:ident [$inputs:literal] -> $output:ident [$outputs:literal], $workspace:ident $($frozen:tt)*) => {
        $crate::__method! {
            "The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.",
            $input [$inputs] -> $output [$outputs],
            predict(__input: &(impl $crate::__private::Sample<$input, $inputs> + ?::core::marker::Sized))
            where [Predicts { PREDICT_BYTES >= $workspace }],
            predict,
            try_predict($crate::__private::Sample::as_matrix(__input), &mut $crate::__private::on_stack::<$workspace>())
            $($frozen)*
        }
    };
}

/// Implements `predict_in` of a network.
#[doc(hidden)]
#[macro_export]
macro_rules! __predict_in {
    ($input:ident [$inputs:literal] -> $output:ident [$outputs:literal], $workspace:ident $($frozen:tt)*) => {
        $crate::__method! {
            "The output for one sample, in evaluation mode, computed in a workspace of the caller's.",
            $input [$inputs] -> $output [$outputs],
            predict_in(
                __input: &(impl $crate::__private::Sample<$input, $inputs> + ?::core::marker::Sized),
                __workspace: &mut $workspace
            )
            where [Returns { STACK_BYTES >= [$output; $outputs] }],
            predict, try_predict($crate::__private::Sample::as_matrix(__input), __workspace) $($frozen)*
        }
    };
}

/// Implements `step` of a network on a sequence.
#[doc(hidden)]
#[macro_export]
macro_rules! __step {
    ($docs:literal, $input:ident [$inputs:literal] -> $output:ident [$outputs:literal], $state:ident $($frozen:tt)*) => {
        $crate::__method! {
            $docs, $input [$inputs] -> $output [$outputs],
            step(
                __state: &mut $state,
                __frame: &(impl $crate::__private::Sample<$input, $inputs> + ?::core::marker::Sized)
            )
            where [Returns { STACK_BYTES >= [$output; $outputs] }],
            step, try_step(__state, $crate::__private::Sample::as_matrix(__frame)) $($frozen)*
        }
    };
}

/// Implements a method that calls one of two functions: the second for indices, which are checked. Frozen parameters, if there are
/// any, are handed on. `where` says what the method has on the stack, and how large that may be.
#[doc(hidden)]
#[macro_export]
macro_rules! __method {
    (@write $(#[$attribute:meta])* $method:ident, $result:ty, $function:ident::<$inputs:literal, $outputs:literal>,
     ($($argument:tt)*), ($($value:tt)*), [$bound:ident { $limit:ident >= $measured:ty }]) => {
        $(#[$attribute])*
        pub fn $method(&self, $($argument)*) -> $result
        where
            Self: for<'a> $crate::__private::$bound<
                'a,
                { $crate::__private::size_of::<$measured>() <= $crate::__private::$limit },
            >,
        {
            $crate::__private::$function::<Self, $inputs, $outputs>(self, $($value)*)
        }
    };
    (@call $docs:literal, f32 $($rest:tt)*) => {
        $crate::__method!(@numbers $docs, $($rest)*);
    };
    (@call $docs:literal, f64 $($rest:tt)*) => {
        $crate::__method!(@numbers $docs, $($rest)*);
    };
    (@call $docs:literal, $index:ident [$inputs:literal] -> $output:ident [$outputs:literal], $method:ident,
     $function:ident, $checked:ident, $arguments:tt, $values:tt, $bound:tt) => {
        $crate::__method! {
            @write
            #[doc = $docs]
            ///
            /// # Errors
            /// If an index is not below the number of embeddings; nothing is changed then.
            $method, $crate::__private::Result<$crate::__private::SVector<$output, $outputs>, $crate::__private::IndexError>,
            $checked::<$inputs, $outputs>, $arguments, $values, $bound
        }
    };
    (@numbers $docs:literal, [$inputs:literal] -> $output:ident [$outputs:literal], $method:ident,
     $function:ident, $checked:ident, $arguments:tt, $values:tt, $bound:tt) => {
        $crate::__method! {
            @write
            #[doc = $docs]
            $method, $crate::__private::SVector<$output, $outputs>,
            $function::<$inputs, $outputs>, $arguments, $values, $bound
        }
    };
    ($docs:literal, $input:ident [$inputs:literal] -> $output:ident [$outputs:literal],
     $method:ident($($argument:tt)*) where $bound:tt, $function:ident, $checked:ident($($value:tt)*)) => {
        $crate::__method! {
            @call $docs, $input [$inputs] -> $output [$outputs], $method, $function, $checked,
            ($($argument)*), (&(), $($value)*), $bound
        }
    };
    ($docs:literal, $input:ident [$inputs:literal] -> $output:ident [$outputs:literal],
     $method:ident($($argument:tt)*) where $bound:tt, $function:ident, $checked:ident($($value:tt)*), $frozen:ident) => {
        $crate::__method! {
            @call $docs, $input [$inputs] -> $output [$outputs], $method, $function, $checked,
            (__frozen: &$frozen, $($argument)*), (__frozen, $($value)*), $bound
        }
    };
}

/// Implements `step` of a network that cannot work step by step: it takes the type of its state, and a call is an error that says why.
#[doc(hidden)]
#[macro_export]
macro_rules! __cannot_step {
    ($network:ident $(, $frozen:ident)?) => {
        #[allow(dead_code)]
        impl $network {
            #[doc(hidden)]
            pub fn step<S: $crate::__private::CannotStep, F>(&self, $(__frozen: &$frozen,)? __state: &mut S, __frame: F) -> S::Output {
                S::none()
            }
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
