//! The constants of a network whose weights are in a file.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::{Expansion, number};
use crate::model::{Operation, Pretrained, StageValues, Stored, StoredLine, StoredTensor};

pub fn expand(context: &Expansion) -> TokenStream {
    context.pretrained.iter().map(|pretrained| constants(context, pretrained)).collect()
}

/// The constants of one file, in a block under its conditions.
fn constants(context: &Expansion, pretrained: &Pretrained) -> TokenStream {
    let (runtime, model) = (context.runtime, context.model);
    let (cfg, conditions) = (model.cfg(), &pretrained.file.conditions);
    let types = [Some(&model.name), model.has_frozen().then_some(&context.names.frozen)];
    let written = match &pretrained.values {
        Ok(values) => {
            let path = &values.path;
            let parts = types.iter().zip(&values.parts).filter_map(|(name, part)| name.zip(part.as_ref()));
            let parts = parts.map(|(name, stages)| part(context, pretrained, name, stages));
            quote! {
                // the crate is compiled again when the file changes
                const _: &[u8] = ::core::include_bytes!(#path);
                #(#parts)*
            }
        }
        Err(mistakes) => {
            let mistakes = mistakes.tokens();
            let parts = types.iter().flatten().map(|name| quote!(#runtime::__pretrained!(#name, nn::zeroed());));
            quote!(#mistakes #(#parts)*)
        }
    };
    quote! {
        #cfg
        #(#[cfg(#conditions)])*
        const _: () = {
            #[allow(unused_imports)]
            use #runtime::__private::{self as nn, f32, f64, u8, usize};
            #written
        };
    }
}

/// The constant of the network, or of its frozen parameters.
fn part(context: &Expansion, pretrained: &Pretrained, name: &Ident, stages: &[StageValues]) -> TokenStream {
    let (runtime, scalar) = (context.runtime, context.model.tensors.scalar);
    let stages = stages.iter().map(|StageValues { operation, values: stored }| {
        let operation = &context.model.graph.operations[*operation];
        let offset = |path: &[Ident]| quote!(nn::offset_of!(#name, #(#path).*));
        match stored {
            Stored::Layer(bytes) => {
                let start = offset(&operation.path);
                let bytes = Literal::byte_string(bytes);
                quote!(nn::pretrained::put(&mut __bytes, #start, #bytes);)
            }
            Stored::Foreign(tensors, lines) => {
                let (tensors, lines) = (tensors.iter().map(tensor), self::lines(lines.as_deref()));
                let is_frozen = *name == context.names.frozen;
                let starts = [operation.is_frozen == is_frozen, operation.has_frozen_part() && is_frozen]
                    .into_iter()
                    .zip([operation.path.clone(), operation.frozen_path()])
                    .map(|(is_here, path)| if is_here { some(&offset(&path)) } else { quote!(nn::None) });
                foreign(context, pretrained, operation, &quote!([#(#starts),*]), &quote!(&[#(#tensors),*], #lines))
            }
        }
    });
    quote! {
        #runtime::__pretrained!(#name, {
            let mut __bytes = [0; nn::size_of::<#name>()];
            #(#stages)*
            nn::pretrained::from_little_endian(__bytes, nn::size_of::<#scalar>())
        });
    }
}

/// The call that puts the tensors of a type from elsewhere in their places, which the compiler finds; what does not fit is reported
/// at the file's path.
fn foreign(
    context: &Expansion,
    pretrained: &Pretrained,
    operation: &Operation,
    start: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let (model, path) = (context.model, &pretrained.file.path);
    let (stage, network, scalar) = (&model.rows[operation.row].name, model.name.to_string(), model.tensors.scalar);
    let layer = operation.foreign(context);
    let stage = quote!(nn::pretrained::Stage { name: #stage, file: #path, network: #network });
    let types = quote!((#layer::TENSORS, #layer::INNER));
    let arguments = quote!(&mut __bytes, #start, nn::size_of::<#scalar>(), #stage, #types, #arguments);
    // an error is reported where the call is
    quote_spanned!(path.span()=> nn::pretrained::put_stage(#arguments);)
}

fn some(value: &TokenStream) -> TokenStream {
    quote!(nn::Some(#value))
}

fn tensor(StoredTensor { name, shape, rows, columns }: &StoredTensor) -> TokenStream {
    let (shape, rows) = (shape.iter().copied().map(number), Literal::byte_string(rows));
    let columns = columns.as_ref().map(|columns| {
        let columns = Literal::byte_string(columns);
        quote!(.columns(#columns))
    });
    quote!(nn::pretrained::Stored::new(#name, &[#(#shape),*], #rows)#columns)
}

/// The description of a network inside of the network, as an `Option`.
fn lines(lines: Option<&[StoredLine]>) -> TokenStream {
    let Some(lines) = lines else { return quote!(nn::None) };
    let lines = lines.iter().map(|StoredLine { text, essence, numbers }| {
        let numbers = numbers.iter().map(|number| Literal::u64_unsuffixed(number.to_bits()));
        quote!(nn::pretrained::Line { text: #text, essence: #essence, numbers: &[#(#numbers),*] })
    });
    quote!(nn::Some(&[#(#lines),*]))
}
