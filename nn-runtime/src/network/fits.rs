//! Checks that a type from outside `network!` fits its stage; if not, the compiler prints one error with our message.
//!
//! `network!` knows of such a type no more than its name. So it writes an alias that stands for the type wherever the network
//! uses it, and that depends on a const which [`fits`] computes. If the type does not fit, computing the const fails, which the
//! compiler reports once; it says nothing more of a type that depends on a const with an error.

pub(crate) mod field;
mod refused;
pub(crate) mod text;

use core::fmt::Debug;
use core::marker::PhantomData;

use bytemuck::Pod;

pub use self::field::{Field, KnownField, UnknownField, field};
pub use self::refused::Refused;
use self::text::{fail, has_one_dimension, is_same};
use super::{Layer, LayerParameters};
use crate::scalar::Scalar;

/// `<Checked<{ fits(..) }> as Of<Type>>::Type` is the type, if it fits.
#[derive(Debug)]
pub struct Checked<const FITS: bool>;

/// See [`Checked`].
pub trait Of<L: ?Sized> {
    /// `L`.
    type Type: ?Sized;
}

impl<L: ?Sized> Of<L> for Checked<true> {
    type Type = L;
}

impl<L: ?Sized> Of<L> for Checked<false> {
    type Type = Refused;
}

/// What a network's declaration says, for networks of other invocations that use it as a layer.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    /// The shapes of input and output.
    pub shapes: [&'static str; 2],
    /// The sizes of input and output.
    pub sizes: [usize; 2],
    /// The types of an input value and of an output value.
    pub elements: [&'static str; 2],
    /// Whether it has frozen parameters.
    pub has_frozen: bool,
}

/// The declaration of a type that is not a network: the const of a network's own is preferred to this one.
pub trait Undeclared {
    /// None.
    const __DECLARED: Option<Declared> = None;
}

impl<L: ?Sized> Undeclared for L {}

/// What is known of a type as a layer from `IN` values of type `T` to `OUT`. Its own consts, which depend on what the type
/// implements, are preferred to those of [`Unknown`].
#[derive(Debug)]
pub struct Known<L: ?Sized, const IN: usize, const OUT: usize, T>(PhantomData<T>, PhantomData<L>);

/// What is known of a type that implements nothing.
pub trait Unknown {
    /// Whether it is a layer.
    const IS_LAYER: bool = false;
    /// Whether it is declared by `layer!`, for the type of values.
    const HAS_PARAMETERS: bool = false;
    /// Whether it may be made of scalars alone.
    const IS_OF_SCALARS: bool = false;
}

impl<L: ?Sized, const IN: usize, const OUT: usize, T> Unknown for Known<L, IN, OUT, T> {}

impl<L: Layer<IN, OUT, T>, const IN: usize, const OUT: usize, T: Scalar> Known<L, IN, OUT, T> {
    /// Whether it is a layer.
    pub const IS_LAYER: bool = true;
}

// what is above `LayerParameters` is named too, as an `impl` of that alone is an error
impl<L, const IN: usize, const OUT: usize, T: Scalar> Known<L, IN, OUT, T>
where
    L: LayerParameters<T> + Pod + Debug + PartialEq,
{
    /// Whether it is declared by `layer!`, for the type of values.
    pub const HAS_PARAMETERS: bool = true;
}

impl<L, const IN: usize, const OUT: usize, T> Known<L, IN, OUT, T> {
    /// Whether it may be made of scalars alone: its size is a multiple of a scalar's, and its alignment is no larger. Its
    /// fields are not known.
    pub const IS_OF_SCALARS: bool = size_of::<L>().is_multiple_of(size_of::<T>()) && align_of::<L>() <= align_of::<T>();
}

/// A stage that is of a type from elsewhere, and what the compiler knows of the type.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// The type's name, as it is written.
    pub name: &'static str,
    /// The shapes of its input and of its annotation.
    pub shapes: [&'static str; 2],
    /// The sizes of its input and of its annotation.
    pub sizes: [usize; 2],
    /// The type of an input value.
    pub element: &'static str,
    /// Whether the network knows that the type is a network with frozen stages.
    pub has_frozen: bool,
    /// The trait that the type needs, such as `Layer<4, 5, f32>`.
    pub layer: &'static str,
    /// The type that the network computes in, and the other one.
    pub scalars: [&'static str; 2],
    /// What the type's declaration says, if it is a network.
    pub declared: Option<Declared>,
    /// Whether the type is a layer of these sizes, in each of the scalars.
    pub is_layer: [bool; 2],
    /// Whether the type implements `LayerParameters` for the type that the network computes in.
    pub has_parameters: bool,
    /// Whether the type may be made of scalars alone, by its size and its alignment.
    pub is_of_scalars: bool,
}

/// Whether the type of a stage fits it: `true`, or an error; `false`, if the compiler reports an error elsewhere, at the layer's `impl`.
#[track_caller]
#[must_use]
pub const fn fits(stage: Stage) -> bool {
    let Stage { name, shapes: [input, output], layer, scalars: [scalar, other], .. } = stage;
    match (stage.declared, stage.is_layer) {
        (Some(declared), _) => check_declaration(&stage, declared),
        (None, [true, _]) => {}
        (None, [_, true]) => fail(&[
            "`",
            name,
            "` is a layer of `",
            other,
            "`, but this network computes in `",
            scalar,
            "`\nhelp: declare the network in `",
            other,
            "`, or implement `nn_runtime::",
            layer,
            "` for `",
            name,
            "`",
        ]),
        _ => fail(&[
            "`",
            name,
            "` is not a layer from ",
            input,
            " to ",
            output,
            " in `",
            scalar,
            "`\nhelp: implement `nn_runtime::",
            layer,
            "` for it, or correct the shape of its input or of its annotation",
        ]),
    }
    if stage.declared.is_some() {
        return true;
    }
    if !stage.has_parameters {
        return false; // `Layer` requires them, so the `impl` is an error already
    }
    if !stage.is_of_scalars {
        fail(&[
            "`",
            name,
            "` is a layer, but by its size or its alignment it is not made of `",
            scalar,
            "` alone\nhelp: let all its fields be of `",
            scalar,
            "`, as it becomes a part of the network's flat slice",
        ]);
    }
    true
}

/// A network says why it does not fit, in the words that `network!` has for a network of the same invocation.
#[track_caller]
const fn check_declaration(stage: &Stage, declared: Declared) {
    let Stage { name, shapes: [input, output], sizes: [inputs, _], scalars: [scalar, _], element, .. } = *stage;
    let Declared { shapes: [takes, makes], sizes, elements: [takes_element, computes], has_frozen } = declared;
    if is_several(takes) || is_several(makes) {
        fail(&[
            "`",
            name,
            "` takes ",
            takes,
            " and makes ",
            makes,
            ", but a stage takes and makes one value\nhelp: write the stages of `",
            name,
            "` here",
        ]);
    }
    if has_frozen != stage.has_frozen {
        fail(&[
            "`",
            name,
            "` has frozen stages and is declared in another `network!`, so this network does not know of its frozen \
             parameters\nhelp: declare both in one `network!`; or remove `#[frozen]` inside of `",
            name,
            "`, and mark this stage `#[frozen]` instead",
        ]);
    }
    if declared.takes_indices() && !is_same(takes_element, element) {
        fail(&[
            "`",
            name,
            "` takes indices of type `",
            takes_element,
            "`, but its input is of type `",
            element,
            "`\nhelp: let it be the first stage of a network that takes `",
            takes_element,
            " ",
            takes,
            "`",
        ]);
    }
    if !is_same(computes, scalar) {
        fail(&[
            "`",
            name,
            "` computes in `",
            computes,
            "`, but this network in `",
            scalar,
            "`\nhelp: declare both in the same type",
        ]);
    }
    if !is_same(takes, input) {
        let is_flat = sizes[0] == inputs && has_one_dimension(takes);
        let help =
            if is_flat { ["add `flatten` before this layer", ""] } else { ["let the stage before it make ", takes] };
        fail(&["`", name, "` takes ", takes, ", but its input has shape ", input, "\nhelp: ", help[0], help[1]]);
    }
    if !is_same(makes, output) {
        fail(&[
            "`",
            name,
            "` makes ",
            makes,
            ", but is annotated with ",
            output,
            "\nhelp: correct the annotation: `",
            name,
            " -> ",
            makes,
            "`",
        ]);
    }
}

/// Whether shapes are those of several inputs or outputs, which are in braces.
const fn is_several(shapes: &str) -> bool {
    matches!(shapes.as_bytes(), [b'{', ..])
}

impl Declared {
    const fn takes_indices(self) -> bool {
        !is_same(self.elements[0], self.elements[1])
    }
}

/// An error in the words of `network!`, wherever a type that depends on this is used.
#[track_caller]
#[must_use]
pub const fn refuse(message: &str) -> bool {
    fail(&[message])
}
