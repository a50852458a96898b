//! That the struct is a row: each function does for every field what that field's row does.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::number;
use super::Fields;
use crate::model::Ports;

impl Fields<'_> {
    /// The implementations of `Row`, and of what a row is besides.
    pub fn row(&self, ports: &Ports) -> TokenStream {
        let Self { structure, types, .. } = self;
        let (samples, checked, single) = (self.samples(), Self::checked(ports), Self::single());
        let (tiles, search) = (self.tiles(), self.search());
        quote! {
            #samples

            #[automatically_derived]
            impl<#(#types: nn::Row),*> nn::Row for #structure<#(#types),*> {
                type Tile<const __BATCH: usize> = #structure<#(nn::Tile<#types, __BATCH>),*>;
                type Vector = Self;
                const LEN: usize = 0 #(+ <#types as nn::Row>::LEN)*;

                #checked
                #single
                #tiles
                #search
            }
        }
    }

    fn samples(&self) -> TokenStream {
        let Self { structure, types, .. } = self;
        quote! {
            #[automatically_derived]
            impl<#(#types: nn::Row),*> nn::Sample<Self> for #structure<#(#types),*> {
                #[inline(always)]
                fn as_row(&self) -> &Self {
                    self
                }
            }

            #[automatically_derived]
            impl<#(#types: nn::Row),*> nn::Samples<Self> for #structure<#(#types),*> {
                #[inline(always)]
                fn as_rows(__samples: &[Self]) -> &[Self] {
                    __samples
                }
            }
        }
    }

    /// What a function returns that takes a row, which may have indices.
    fn checked(ports: &Ports) -> TokenStream {
        if ports.has_indices() {
            quote! {
                type Checked<__Made> = nn::Result<__Made, nn::IndexError>;

                #[inline(always)]
                fn checked<__Made>(
                    __rows: &[Self],
                    __inputs: &[nn::Port],
                    __make: impl nn::FnOnce() -> __Made,
                ) -> nn::Result<__Made, nn::IndexError> {
                    nn::check_block(__rows, __inputs)?;
                    nn::Result::Ok(__make())
                }
            }
        } else {
            quote! {
                type Checked<__Made> = __Made;

                #[inline(always)]
                fn checked<__Made>(_: &[Self], _: &[nn::Port], __make: impl nn::FnOnce() -> __Made) -> __Made {
                    __make()
                }
            }
        }
    }

    /// A row alone, whose tile is a copy.
    fn single() -> TokenStream {
        quote! {
            #[inline(always)]
            fn of_vector(__vector: &mut Self) -> &mut Self {
                __vector
            }

            #[inline(always)]
            fn with_tile<__R>(&self, __work: impl nn::FnOnce(&nn::Tile<Self, 1>) -> __R) -> __R {
                __work(&nn::tile_of(self))
            }

            #[inline(always)]
            fn with_tile_mut<__R>(&mut self, __work: impl nn::FnOnce(&mut nn::Tile<Self, 1>) -> __R) -> __R {
                let mut __tile = nn::tile_of(self);
                let __made = __work(&mut __tile);
                nn::Row::copy_from_tile::<1>(self, &__tile, 0);
                __made
            }
        }
    }

    fn tiles(&self) -> TokenStream {
        let (Self { names, types, .. }, before) = (self, self.before());
        quote! {
            #[inline(always)]
            fn fill<__I: nn::Isa, const __BATCH: usize>(
                __isa: __I,
                __rows: &[&Self; __BATCH],
                __tile: &mut nn::Tile<Self, __BATCH>,
            ) {
                #(<#types as nn::Row>::fill(__isa, &__rows.map(|__row| &__row.#names), &mut __tile.#names);)*
            }

            #[inline(always)]
            fn copy_tile<const __BATCH: usize>(__from: &nn::Tile<Self, __BATCH>, __to: &mut nn::Tile<Self, __BATCH>) {
                #(<#types as nn::Row>::copy_tile::<__BATCH>(&__from.#names, &mut __to.#names);)*
            }

            #[inline(always)]
            fn copy_from_tile<const __BATCH: usize>(&mut self, __tile: &nn::Tile<Self, __BATCH>, __row: usize) {
                #(<#types as nn::Row>::copy_from_tile::<__BATCH>(&mut self.#names, &__tile.#names, __row);)*
            }

            fn fill_one_hot<const __BATCH: usize>(__tile: &mut nn::Tile<Self, __BATCH>, __position: usize) {
                // a position before a field is one beyond its end
                #(<#types as nn::Row>::fill_one_hot::<__BATCH>(&mut __tile.#names, __position.wrapping_sub(#before));)*
            }
        }
    }

    fn search(&self) -> TokenStream {
        let (Self { names, types, .. }, before) = (self, self.before());
        let places = (0..names.len()).map(number);
        quote! {
            #[inline(always)]
            fn find_nan<__I: nn::Isa, const __BATCH: usize>(
                __isa: __I,
                __tile: &nn::Tile<Self, __BATCH>,
                __rows: usize,
            ) -> nn::Option<(usize, usize)> {
                let mut __found = nn::None;
                #(nn::first_of(
                    &mut __found,
                    <#types as nn::Row>::find_nan::<__I, __BATCH>(__isa, &__tile.#names, __rows),
                    #before,
                );)*
                __found
            }

            fn find_not_finite(__rows: &[Self]) -> nn::Option<(usize, usize, nn::f64)> {
                nn::find_in_rows(__rows, |__row| {
                    #(if let nn::Some((_, __position, __value)) =
                        <#types as nn::Row>::find_not_finite(nn::from_ref(&__row.#names))
                    {
                        return nn::Some((__position + #before, __value));
                    })*
                    nn::None
                })
            }

            fn check_indices(__rows: &[Self], __inputs: &[nn::Port]) -> nn::Result<(), (usize, nn::IndexError)> {
                nn::check_rows(__rows, |__row| {
                    #(<#types as nn::Row>::check_indices(nn::from_ref(&__row.#names), nn::get(__inputs, #places))
                        .map_err(|(_, __error)| __error)?;)*
                    nn::Result::Ok(())
                })
            }
        }
    }

    /// The number of values before each field.
    fn before(&self) -> Vec<TokenStream> {
        let before = |count: usize| {
            let types = &self.types[..count];
            quote!((0 #(+ <#types as nn::Row>::LEN)*))
        };
        (0..self.types.len()).map(before).collect()
    }
}
