//! Parameters by their names: the `state_dict`, files, serde.

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
