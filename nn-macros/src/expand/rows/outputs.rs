//! What goes with several outputs: a report, a loss and a target for each.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::number;
use super::Fields;
use crate::model::Ports;

impl Fields<'_> {
    /// The implementations of `OutputRow`, `Report`, `Loss` and `Metric`, and the constants.
    pub fn outputs(&self, ports: &Ports) -> TokenStream {
        let (output_row, report, loss) = (self.output_row(), self.report(), self.loss());
        let (metric, starts) = (self.metric(), self.starts(ports));
        quote!(#output_row #report #loss #metric #starts)
    }

    fn output_row(&self) -> TokenStream {
        let Self { structure, names, types } = self;
        let (count, places) = (number(names.len()), (0..names.len()).map(number));
        let report = self.report_type();
        quote! {
            #[automatically_derived]
            impl<#(#types: nn::Row),*> nn::OutputRow for #structure<#(#types),*> {
                type Each<__V: nn::Copy + nn::Zeroable + nn::Send + nn::Sync> = [__V; #count];
                type Report = #report;

                fn report(__part: impl nn::Fn(usize) -> nn::Evaluation) -> Self::Report {
                    #structure { #(#names: __part(#places)),* }
                }
            }
        }
    }

    fn report_type(&self) -> TokenStream {
        let (structure, evaluations) = (self.structure, self.types.iter().map(|_| quote!(nn::Evaluation)));
        quote!(#structure<#(#evaluations),*>)
    }

    fn report(&self) -> TokenStream {
        let (Self { names, .. }, report) = (self, self.report_type());
        let written = names.iter().map(ToString::to_string);
        quote! {
            #[automatically_derived]
            impl nn::Report for #report {
                fn each(&self, __visit: &mut dyn nn::FnMut(&'static nn::str, &nn::Evaluation)) {
                    #(__visit(#written, &self.#names);)*
                }
            }
        }
    }

    /// A loss for each output is a loss for all of them, with a target each.
    fn loss(&self) -> TokenStream {
        let Self { structure, types, .. } = self;
        let [targets, losses, needs] = ["Target", "Loss", "Needs"].map(|prefix| self.parameters(prefix));
        let all_needs = needs.iter().rev().fold(quote!(()), |rest, needs| quote!(nn::ForEach<#needs, #rest>));
        let target = quote!(#structure<#(#targets),*>);
        let (checks, both, each) = (self.checks(&target), self.of_all(&target), self.of_each(&target));
        quote! {
            #[automatically_derived]
            impl<#(#targets,)* #(#losses,)* #(#needs,)* #(#types,)* __T>
                nn::Loss<#target, #structure<#(#types),*>, __T, #all_needs> for #structure<#(#losses),*>
            where
                __T: nn::Scalar,
                #(#types: nn::Row, #losses: nn::Loss<#targets, #types, __T, #needs>,)*
            {
                #checks
                #both
                #each
            }
        }
    }

    /// Type parameters of another name for each field.
    fn parameters(&self, prefix: &str) -> Vec<Ident> {
        (0..self.names.len()).map(|number| format_ident!("__{prefix}{number}")).collect()
    }

    fn checks(&self, target: &TokenStream) -> TokenStream {
        let Self { names, .. } = self;
        let places: Vec<_> = (0..names.len()).map(number).collect();
        quote! {
            fn check_options(&self) -> nn::Result<(), nn::OptionError> {
                #(self.#names.check_options()?;)*
                nn::Result::Ok(())
            }

            fn check(&self, __target: &#target) -> nn::Result<(), nn::TargetError> {
                #(self.#names.check(&__target.#names)?;)*
                nn::Result::Ok(())
            }

            fn check_each(&self, __target: &#target) -> nn::Result<(), (nn::Option<usize>, nn::TargetError)> {
                #(self.#names.check(&__target.#names).map_err(|__error| (nn::Some(#places), __error))?;)*
                nn::Result::Ok(())
            }

            #[inline(always)]
            fn weight_each(&self, __target: &#target, __weights: &mut [nn::f64]) {
                #(self.#names.weight_each(&__target.#names, nn::at(__weights, #places));)*
            }
        }
    }

    /// The sums over all outputs.
    fn of_all(&self, target: &TokenStream) -> TokenStream {
        let Self { structure, names, types } = self;
        quote! {
            #[inline(always)]
            fn loss<__I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: __I,
                __output: &nn::Tile<#structure<#(#types),*>, __BATCH>,
                __targets: &[&#target],
            ) -> __T {
                let mut __sum = <__T as nn::Scalar>::ZERO;
                #(__sum += nn::with_parts::<_, _, _, __BATCH>(__targets, |__target| &__target.#names, |__targets| {
                    self.#names.loss(__isa, &__output.#names, __targets)
                });)*
                __sum
            }

            #[inline(always)]
            fn loss_and_gradient<__I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: __I,
                __output_then_grad: &mut nn::Tile<#structure<#(#types),*>, __BATCH>,
                __targets: &[&#target],
                __scale: __T,
            ) -> __T {
                let mut __sum = <__T as nn::Scalar>::ZERO;
                #(__sum += nn::with_parts::<_, _, _, __BATCH>(__targets, |__target| &__target.#names, |__targets| {
                    self.#names.loss_and_gradient(__isa, &mut __output_then_grad.#names, __targets, __scale)
                });)*
                __sum
            }
        }
    }

    fn of_each(&self, target: &TokenStream) -> TokenStream {
        let Self { structure, names, types } = self;
        let places: Vec<_> = (0..names.len()).map(number).collect();
        quote! {
            #[inline(always)]
            fn loss_each<__I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: __I,
                __output: &nn::Tile<#structure<#(#types),*>, __BATCH>,
                __targets: &[&#target],
                __losses: &mut [nn::f64],
            ) {
                #(nn::with_parts::<_, _, _, __BATCH>(__targets, |__target| &__target.#names, |__targets| {
                    self.#names.loss_each(__isa, &__output.#names, __targets, nn::at(__losses, #places))
                });)*
            }

            #[inline(always)]
            fn loss_and_gradient_each<__I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: __I,
                __output_then_grad: &mut nn::Tile<#structure<#(#types),*>, __BATCH>,
                __targets: &[&#target],
                __scales: &[nn::f64],
                __losses: &mut [nn::f64],
            ) {
                #(nn::with_parts::<_, _, _, __BATCH>(__targets, |__target| &__target.#names, |__targets| {
                    self.#names.loss_and_gradient_each(
                        __isa,
                        &mut __output_then_grad.#names,
                        __targets,
                        nn::get(__scales, #places),
                        nn::at(__losses, #places),
                    )
                });)*
            }

            fn hits_each<const __BATCH: usize>(
                &self,
                __output: &nn::Tile<#structure<#(#types),*>, __BATCH>,
                __targets: &[&#target],
                __hits: &mut [nn::Hits],
            ) {
                #(nn::with_parts::<_, _, _, __BATCH>(__targets, |__target| &__target.#names, |__targets| {
                    self.#names.hits_each(&__output.#names, __targets, nn::at(__hits, #places))
                });)*
            }
        }
    }

    /// A metric for each output is a metric of all of them, with a target each. The states are pairs of one and all that follow.
    fn metric(&self) -> TokenStream {
        let Self { structure, names, types } = self;
        let [targets, metrics] = ["Target", "Metric"].map(|prefix| self.parameters(prefix));
        let target = quote!(#structure<#(#targets),*>);
        let bounds = targets.iter().zip(types);
        let bounds: Vec<_> = bounds.map(|(target, row)| quote!(nn::Metric<#target, #row, __T>)).collect();
        let states = bounds.iter().zip(&metrics).map(|(bound, metric)| quote!(<#metric as #bound>::State));
        let state = states.rev().fold(quote!(()), |rest, state| quote!((#state, #rest)));
        let places: Vec<_> = (0..names.len())
            .map(|place| {
                let rests = (0..place).map(|_| quote!(.1));
                quote!(#(#rests)*.0)
            })
            .collect();
        let written = names.iter().map(ToString::to_string);
        quote! {
            #[automatically_derived]
            impl<#(#targets,)* #(#metrics,)* #(#types,)* __T> nn::Metric<#target, #structure<#(#types),*>, __T>
                for #structure<#(#metrics),*>
            where
                __T: nn::Scalar,
                #(#types: nn::Row, #metrics: #bounds,)*
            {
                type State = #state;

                #[inline(always)]
                fn update<const __BATCH: usize>(
                    &self,
                    __state: &mut Self::State,
                    __output: &nn::Tile<#structure<#(#types),*>, __BATCH>,
                    __targets: &[&#target],
                ) {
                    #(nn::with_parts::<_, _, _, __BATCH>(__targets, |__target| &__target.#names, |__targets| {
                        self.#names.update(&mut __state #places, &__output.#names, __targets)
                    });)*
                }

                fn merge(&self, __state: &mut Self::State, __other: Self::State) {
                    #(self.#names.merge(&mut __state #places, __other #places);)*
                }

                fn report(&self, __state: &Self::State, __write: &mut dyn nn::FnMut(nn::Measured)) {
                    #(self.#names.report(&__state #places, &mut |__measured| __write(__measured.of(#written)));)*
                }
            }
        }
    }

    /// Where each output begins among all values, for `input_gradient`.
    fn starts(&self, ports: &Ports) -> TokenStream {
        let mut start = 0;
        let starts = ports.0.iter().zip(&self.names).map(|(port, field)| {
            let name = format_ident!("{}", field.to_string().to_uppercase());
            let (docs, here) =
                (format!(" Where the values of `{field}` begin among those of all outputs."), number(start));
            start += port.shape.len();
            quote! {
                #[doc = #docs]
                pub const #name: usize = #here;
            }
        });
        let structure = self.structure;
        quote!(impl #structure { #(#starts)* })
    }
}
