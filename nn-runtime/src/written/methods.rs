//! What runs a network: `predict`, `predict_in` and `step`.

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
