//! The methods of the structs that are written, as users call them.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Expansion, network, rows};
use crate::model::Ports;
use crate::plan::Frames;

/// The methods of the network, and of its frozen parameters.
pub fn expand(context: &Expansion) -> TokenStream {
    let (runtime, model, frozen) = (context.runtime, context.model, &context.names.frozen);
    let name = &model.name;
    let constructors = constructors(context, name, &quote!(init));
    let (summary, declared) = (summary(), declared(context));
    let of_frozen = model.has_frozen().then(|| {
        let constructors = self::constructors(context, frozen, &quote!(init_frozen));
        quote! {
            impl #frozen { #constructors }

            #runtime::__serde!(#frozen, #name, true);
        }
    });
    let (running, with_frozen) = (running(context), with_frozen(context));
    quote! {
        impl #name {
            #constructors
            #summary
            #declared
            #with_frozen
        }

        impl #name { #running }

        #runtime::__serde!(#name, #name, false);

        #of_frozen
    }
}

/// `ZERO`, `new`, `boxed`, `init` and `copy_from` of a struct of parameters. The network's `init` draws them.
fn constructors(context: &Expansion, parameters: &Ident, init: &TokenStream) -> TokenStream {
    let (runtime, network) = (context.runtime, &context.model.name);
    let zero = zero(context, parameters, " All parameters 0.", "::boxed(..)");
    quote! {
        #zero

        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<#parameters>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }

        #runtime::__boxed!();

        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <#network as nn::Parameters>::#init(self, __rng);
        }

        /// Copies all parameters in place. In a build without optimisation, `*a = *b` copies through the stack.
        pub fn copy_from(&mut self, __source: &Self) {
            nn::copy_parameters(__source, self);
        }
    }
}

/// `ZERO`, which does not compile where it is too large for the stack.
pub fn zero(context: &Expansion, name: &Ident, docs: &str, boxed: &str) -> TokenStream {
    let runtime = context.runtime;
    quote! {
        #[doc = #docs]
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>().expect(#runtime::__too_large!(#name, #boxed));
            nn::zeroed()
        };
    }
}

/// `summary`, the table of layers.
fn summary() -> TokenStream {
    quote! {
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::Summary::of::<Self>()
        }
    }
}

/// The hidden const of the network's declaration.
fn declared(context: &Expansion) -> TokenStream {
    let tensors = &context.model.tensors;
    let (input, output) = (tensors.inputs.to_string(), tensors.outputs.to_string());
    let (inputs, outputs) = (super::number(tensors.inputs.value_count()), super::number(tensors.outputs.value_count()));
    let element = tensors.inputs.single().map_or(tensors.scalar, |input| input.element).name();
    let scalar = tensors.scalar.name();
    let has_frozen = context.model.has_frozen();
    quote! {
        #[doc(hidden)]
        pub const __DECLARED: nn::Option<nn::Declared> = nn::Some(nn::Declared {
            shapes: [#input, #output],
            sizes: [#inputs, #outputs],
            elements: [#element, #scalar],
            has_frozen: #has_frozen,
        });
    }
}

/// What runs a network that is handed over alone, and saves it.
fn running(context: &Expansion) -> TokenStream {
    let (runtime, workspace) = (context.runtime, &context.names.inference_workspace);
    let (input, _) = network::rows(context);
    let tensors = &context.model.tensors;
    let scalar = tensors.scalar;
    let lens: Vec<_> = tensors.outputs.0.iter().map(|output| output.shape.len()).collect();
    let (result, errors) = checked(&tensors.inputs, &returned(&tensors.outputs, &lens, &context.names.output));
    let alone = network::alone(context);
    let gradient = if context.trace.is_some() { input_gradient(context) } else { no_input_gradient() };
    quote! {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        #errors
        pub fn predict(&self, __input: &(impl nn::Sample<#input> + ?nn::Sized)) -> #result
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
            #alone
        {
            nn::predict(self, __input, &mut nn::on_stack::<#workspace>())
        }

        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        #errors
        pub fn predict_in(&self, __input: &(impl nn::Sample<#input> + ?nn::Sized), __workspace: &mut #workspace) -> #result
        where
            <Self as nn::Parameters>::OutputFits: for<'a> nn::Returns<'a, Self>,
            #alone
        {
            nn::predict(self, __input, __workspace)
        }

        #gradient

        /// All parameters and running statistics by PyTorch's names, in the order of PyTorch's `state_dict`.
        pub fn state_dict(&self) -> nn::TensorViews<'_, #scalar>
        where
            #alone
        {
            <Self as nn::Network>::state_dict(self)
        }

        /// The same, to be written.
        pub fn state_dict_mut(&mut self) -> nn::TensorViewsMut<'_, #scalar>
        where
            #alone
        {
            <Self as nn::Restore>::state_dict_mut(self)
        }

        #runtime::__save!(#alone);
    }
}

/// `input_gradient` and `input_gradient_in`.
fn input_gradient(context: &Expansion) -> TokenStream {
    let trace = &context.names.trace;
    let tensors = &context.model.tensors;
    let lens: Vec<_> = tensors.inputs.0.iter().map(|input| input.shape.len()).collect();
    let ((input, _), gradient) = (network::rows(context), returned(&tensors.inputs, &lens, &context.names.input));
    let alone = network::alone(context);
    quote! {
        /// The gradient of the output at a position with respect to the input, in evaluation mode: how much the output changes with
        /// each value. Where the trace is larger than 64 KiB, write `input_gradient_in`.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient(
            &self,
            __input: &(impl nn::Sample<#input> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<#gradient, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
            #alone
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<#trace>())
        }

        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<#input> + ?nn::Sized),
            __output: usize,
            __trace: &mut #trace,
        ) -> nn::Result<#gradient, nn::GradientError>
        where
            <Self as nn::Differentiable>::GradientFits: for<'a> nn::ReturnsGradient<'a, Self>,
            #alone
        {
            nn::input_gradient(self, __input, __output, __trace)
        }
    }
}

/// `input_gradient` and `input_gradient_in` of a network whose input are indices: a call is an error that says so.
fn no_input_gradient() -> TokenStream {
    quote! {
        #[doc(hidden)]
        pub fn input_gradient<S>(&self, __input: S, __output: usize) -> nn::Result<S, nn::GradientError>
        where
            Self: for<'a> nn::TakesNumbers<'a>,
        {
            nn::Result::Ok(__input)
        }

        #[doc(hidden)]
        pub fn input_gradient_in<S, W>(&self, __input: S, __output: usize, __trace: W) -> nn::Result<S, nn::GradientError>
        where
            Self: for<'a> nn::TakesNumbers<'a>,
        {
            nn::Result::Ok(__input)
        }
    }
}

/// What hands a network and its frozen parameters over together, if it has any, and loads both.
fn with_frozen(context: &Expansion) -> TokenStream {
    let (runtime, name, frozen) = (context.runtime, &context.model.name, &context.names.frozen);
    if !context.model.has_frozen() {
        return quote!(#runtime::__load!(#name, __new, __new););
    }
    quote! {
        /// The network with its frozen parameters, to be run or saved.
        #[must_use]
        pub const fn with_frozen<'a>(&'a self, __frozen: &'a #frozen) -> nn::WithFrozen<&'a Self, &'a #frozen> {
            nn::WithFrozen::new(self, __frozen)
        }

        /// The network with its frozen parameters, to be trained.
        #[must_use]
        pub const fn with_frozen_mut<'a>(
            &'a mut self,
            __frozen: &'a #frozen,
        ) -> nn::WithFrozen<&'a mut Self, &'a #frozen> {
            nn::WithFrozen::new(self, __frozen)
        }

        /// The network with its frozen parameters, to be loaded.
        #[must_use]
        pub const fn with_both_mut<'a>(
            &'a mut self,
            __frozen: &'a mut #frozen,
        ) -> nn::WithFrozen<&'a mut Self, &'a mut #frozen> {
            nn::WithFrozen::new(self, __frozen)
        }

        #runtime::__load!(
            (#name, #frozen),
            __new,
            &mut nn::WithFrozen::new(&mut __new.0, &mut __new.1)
        );
    }
}

/// `step`, `step_block` and `step_block_in` of a network on a sequence.
pub fn step(context: &Expansion, docs: &str, state: &Ident, frames: &Frames) -> TokenStream {
    let (name, names) = (&context.model.name, &context.names);
    let alone = network::alone(context);
    let tensors = &context.model.tensors;
    let frame = rows::row(&tensors.inputs, &frames.inputs(), &names.input);
    let made = returned(&tensors.outputs, &frames.outputs(), &names.output);
    let (result, errors) = checked(&tensors.inputs, &made);
    let made = rows::row(&tensors.outputs, &frames.outputs(), &names.output);
    let (block, workspace) = (checked(&tensors.inputs, &quote!([#made; __FRAMES])).0, &names.block_workspace);
    quote! {
        impl #name {
            #[doc = #docs]
            #errors
            pub fn step(&self, __state: &mut #state, __frame: &(impl nn::Sample<#frame> + ?nn::Sized)) -> #result
            where
                <Self as nn::Streaming>::StepFits: for<'a> nn::Returns<'a, Self>,
                #alone
            {
                nn::step(self, __state, __frame)
            }

            /// The outputs of the next `__FRAMES` steps, one row per step: the same as `__FRAMES` calls of `step`, but faster. Blocks of
            /// any length and single steps may alternate.
            ///
            /// Elementwise layers and grouped convolutions give the same bits as `step`. Other convolutions, `linear`, recurrent
            /// layers and sums over features add in another order, so their last bits may differ. Where the workspace is larger than 64 KiB, write `step_block_in`.
            #errors
            pub fn step_block<const __FRAMES: usize>(
                &self,
                __state: &mut #state,
                __frames: &[impl nn::Samples<#frame>; __FRAMES],
            ) -> #block
            where
                #alone
            {
                nn::step_block(self, __state, __frames)
            }

            /// `step_block` in a workspace of the caller's.
            #errors
            pub fn step_block_in<const __FRAMES: usize>(
                &self,
                __state: &mut #state,
                __frames: &[impl nn::Samples<#frame>; __FRAMES],
                __workspace: &mut #workspace<__FRAMES>,
            ) -> #block
            where
                #alone
            {
                nn::step_block_in(self, __state, __frames, __workspace)
            }
        }
    }
}

/// `step` and `step_block` of a network that cannot work step by step: they take the type of its state, and a call is an error that
/// says why.
pub fn cannot_step(context: &Expansion) -> TokenStream {
    let name = &context.model.name;
    let frozen = context.model.frozen_type(&context.names);
    let (_, output) = network::rows(context);
    quote! {
        #[allow(dead_code)]
        impl #name {
            #[doc(hidden)]
            pub fn step<S: nn::CannotStep, F>(&self, __state: &mut S, __frame: F) -> S::Output {
                S::none()
            }

            #[doc(hidden)]
            pub fn step_block<const __FRAMES: usize>(
                &self,
                __state: &mut impl nn::CannotStep,
                __frames: &[impl nn::Sized; __FRAMES],
            ) -> [#output; __FRAMES] {
                nn::on_stack()
            }

            #[doc(hidden)]
            pub fn step_block_in<const __FRAMES: usize>(
                &self,
                __state: &mut impl nn::CannotStep,
                __frames: &[impl nn::Sized; __FRAMES],
                __workspace: &mut impl nn::CannotStep,
            ) -> [#output; __FRAMES] {
                nn::on_stack()
            }
        }

        #[automatically_derived]
        impl<S: nn::CannotStep> nn::StepsIn<S> for #name {
            type Frame = S::Frame;
            type Made = S::Output;
            type StepFits = nn::Fits<true>;

            fn step_in(&self, __frozen: &#frozen, __state: &mut S, __frame: &S::Frame) -> S::Output {
                S::none()
            }
        }
    }
}

/// What a method returns of so many values of each input or output: a vector, or a row of several.
fn returned(ports: &Ports, lens: &[usize], name: &Ident) -> TokenStream {
    match (ports.single(), lens) {
        (Some(port), [len]) => {
            let (element, len) = (port.element, super::number(*len));
            quote!(nn::SVector<#element, #len>)
        }
        _ => rows::row(ports, lens, name),
    }
}

/// What a method returns that takes a sample, and its documentation: indices are checked.
fn checked(inputs: &Ports, made: &TokenStream) -> (TokenStream, Option<TokenStream>) {
    if !inputs.has_indices() {
        return (made.clone(), None);
    }
    let errors = quote! {
        ///
        /// # Errors
        /// If an index or a length is out of range; nothing is changed then.
    };
    (quote!(nn::Result<#made, nn::IndexError>), Some(errors))
}
