//! Weights in files and bytes, and serde.

/// Implements `to_bytes`, `save` and `load_in` of a network that is handed over alone.
#[cfg(feature = "safetensors")]
#[doc(hidden)]
#[macro_export]
macro_rules! __save {
    ($($bound:tt)*) => {
        /// The bytes of a safetensors file with all parameters and running statistics: the names, shapes and values of PyTorch's
        /// `state_dict`.
        #[must_use]
        pub fn to_bytes(&self) -> $crate::__private::Vec<$crate::__private::u8>
        where
            $($bound)*
        {
            $crate::weights::to_bytes(self)
        }

        $crate::__files!($($bound)*);
    };
}

/// Implements `from_bytes` and `load`.
#[cfg(feature = "safetensors")]
#[doc(hidden)]
#[macro_export]
macro_rules! __load {
    ($loaded:ty, $new:ident, $network:expr) => {
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
            $crate::__private::loaded(|$new: &mut $loaded| $crate::weights::Load::new().bytes($network, __bytes))
        }

        $crate::__load_file!($loaded, $new, $network);
    };
}

/// Implements `load`.
#[cfg(all(feature = "safetensors", feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __load_file {
    ($loaded:ty, $new:ident, $network:expr) => {
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
            $crate::__private::loaded(|$new: &mut $loaded| $crate::weights::Load::new().file($network, __path))
        }
    };
}

/// Implements `save` and `load_in`.
#[cfg(all(feature = "safetensors", feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __files {
    ($($bound:tt)*) => {
        /// Saves all parameters and running statistics in a safetensors file: the names, shapes and values of PyTorch's
        /// `state_dict`. An old file is replaced by a whole new one.
        ///
        /// # Errors
        /// If a value is not finite, or the file cannot be written; an old file stays as it is.
        pub fn save(
            &self,
            __path: impl ::core::convert::AsRef<$crate::__private::Path>,
        ) -> $crate::__private::Result<(), $crate::weights::SaveError>
        where
            $($bound)*
        {
            $crate::weights::save(self, __path)
        }

        /// Loads a safetensors file in place, a network of any size. `weights::Load` has the choices.
        ///
        /// # Errors
        /// See `weights::LoadError`; nothing is changed then.
        pub fn load_in(
            &mut self,
            __path: impl ::core::convert::AsRef<$crate::__private::Path>,
        ) -> $crate::__private::Result<$crate::weights::Report, $crate::weights::LoadError>
        where
            $($bound)*
        {
            $crate::weights::Load::new().file(self, __path)
        }
    };
}

/// Expands to nothing: without `std` there are no files.
#[cfg(all(feature = "safetensors", not(feature = "std")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __load_file {
    ($($parts:tt)*) => {};
}

/// Expands to nothing: without `std` there are no files.
#[cfg(all(feature = "safetensors", not(feature = "std")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __files {
    ($($bound:tt)*) => {};
}

/// Expands to nothing: the feature `safetensors` is off.
#[cfg(not(feature = "safetensors"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __save {
    ($($bound:tt)*) => {};
}

/// Expands to nothing: the feature `safetensors` is off.
#[cfg(not(feature = "safetensors"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __load {
    ($($parts:tt)*) => {};
}

/// Implements serde's traits for a network, or for its frozen parameters.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($parameters:ident, $network:ty, $is_frozen:literal) => {
        #[automatically_derived]
        impl $crate::__private::Serialize for $parameters {
            fn serialize<__S: $crate::__private::Serializer>(
                &self,
                __serializer: __S,
            ) -> $crate::__private::Result<__S::Ok, __S::Error> {
                $crate::__private::serialize::<_, <$network as $crate::network::Architecture>::Scalar, __S>(
                    self,
                    <$network as $crate::network::Architecture>::LAYERS,
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
                $crate::__private::deserialize::<_, <$network as $crate::network::Architecture>::Scalar, __D>(
                    self,
                    <$network as $crate::network::Architecture>::LAYERS,
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
