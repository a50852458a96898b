//! What the layers share that work along one dimension of any shape.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::Context;
use crate::model::options::{Dimension, Key};
use crate::model::spec::{Argument, Axis, Call, Layer, Step};

pub const DIM: Key<Dimension> = Key::dimension("dim");

/// The dimension that a layer works along.
#[derive(Clone, Copy)]
pub struct Along {
    /// Which dimension it is, counted from 0.
    pub index: usize,
    pub size: usize,
    /// The distance between two entries of the dimension, in values: the product of the sizes behind it.
    pub stride: usize,
}

/// The dimension that `dim` names.
pub fn along(context: &Context) -> Result<Along, Diagnostic> {
    let (index, sizes) = (context.dimension(&DIM)?, context.input.sizes());
    Ok(Along { index, size: sizes[index], stride: sizes[index + 1..].iter().product() })
}

impl Along {
    /// Whether the layer works over several values: over a single one its output is always `outcome`. `help` is for where no
    /// dimension is written.
    pub fn check_several(self, context: &Context, outcome: &str, help: &str) -> Result<(), Diagnostic> {
        if self.size > 1 || !context.options.is_given(&DIM) {
            return context.check_several(self.size, outcome, help);
        }
        let (keyword, input, dim) = (context.keyword, context.input, context.options.get(&DIM).0);
        let error = format!(
            "`{keyword}` along dimension {dim} of {input} works over single values, so its output is always {outcome}"
        );
        Err(context.error_at(&DIM, error).help("name a dimension of several values, or leave the layer out"))
    }

    /// How the layer runs on one step of a sequence, through which time runs along the other dimension. `call` lists the
    /// arguments of its `step` on `[channels, 1]` for the given stride; on `[1, features]` it runs as in evaluation mode.
    pub fn step(self, context: &Context, call: impl FnOnce(usize) -> Call) -> Step {
        match (context.input.sizes().len(), self.index) {
            (2, 0) => Step::Call { axis: Axis::Last, memory: None, call: call(1) },
            (_, 0) => Step::default(),
            _ => Step::Infer(Axis::First),
        }
    }

    /// The layer that works in place on the values along the dimension, whose backward call takes what `backward` says. Its
    /// calls take `options`, the dimension's size and its stride.
    pub fn in_place(self, context: &Context, options: &[Argument], backward: &[Argument]) -> Layer {
        let size = self.size;
        let all =
            |stride: usize| [options, &[Argument::Option(quote!(#size)), Argument::Option(quote!(#stride))]].concat();
        let mut layer = Layer::in_place(context.input, &all(self.stride), backward);
        layer.calls.step = self.step(context, |stride| [all(stride), vec![Argument::Value]].concat());
        layer
    }
}
