//! What a network's output is, as a type, for what losses need of it.

use core::marker::PhantomData;

/// A loss's needs that a network with this [`Ending`] fulfils.
pub trait Fits<Ending> {}

impl<Needs, E: Fulfils<Needs>> Fits<E> for Needs {}

/// An [`Ending`] that fulfils a loss's needs: [`Fits`] from the network's side.
pub trait Fulfils<Needs> {}

/// What a network's output is: made by the layer `Last`, of `Total` values, in `STEPS` times `Each`.
#[derive(Debug)]
pub struct Ending<Last, Total, const STEPS: usize, Each>(PhantomData<(Last, Total, Each)>);

/// What several outputs are: the first, and the rest, at the end of which is `()`.
#[derive(Debug)]
pub struct Endings<First, Rest>(PhantomData<(First, Rest)>);

/// The needs of losses for several outputs: of that for the first, and for the rest.
#[derive(Debug)]
pub struct ForEach<First, Rest>(PhantomData<(First, Rest)>);

/// A number of outputs, and whether there are several.
#[derive(Debug)]
pub enum Outputs<const NUMBER: usize, const SEVERAL: bool> {}

/// The last layer is `softmax`.
#[derive(Debug)]
pub enum Softmax {}

/// The last layer is `log_softmax`.
#[derive(Debug)]
pub enum LogSoftmax {}

/// The last layer is `sigmoid`.
#[derive(Debug)]
pub enum Sigmoid {}

/// The last layer is any other.
#[derive(Debug)]
pub enum Other {}

impl<L, T, const S: usize, E> Fulfils<()> for Ending<L, T, S, E> {}

impl<First, Rest> Fulfils<()> for Endings<First, Rest> {}

impl Fulfils<()> for () {}

impl<First: Fulfils<A>, Rest: Fulfils<B>, A, B> Fulfils<ForEach<A, B>> for Endings<First, Rest> {}

/// What says which layer comes last, apart from those that only move values.
pub trait EndsWith {
    /// Its number in [`LastLayer`].
    const LAST: usize;
}

impl<L: Numbered, T, const S: usize, E> EndsWith for Ending<L, T, S, E> {
    const LAST: usize = L::NUMBER;
}

/// The last layer of a network inside, by its number: a type would be named in the public interface of the network around it.
#[derive(Debug)]
pub enum LastLayer<const NUMBER: usize> {}

/// The type of a last layer.
pub trait Named {
    /// The type.
    type Last;
}

/// The number of a last layer.
pub trait Numbered {
    /// The number.
    const NUMBER: usize;
}

macro_rules! name {
    ($($number:literal $last:ident)*) => {$(
        impl Named for LastLayer<$number> {
            type Last = $last;
        }

        impl Numbered for $last {
            const NUMBER: usize = $number;
        }
    )*};
}

name!(0 Other 1 Softmax 2 LogSoftmax 3 Sigmoid);

impl<First, Rest> EndsWith for Endings<First, Rest> {
    const LAST: usize = Other::NUMBER;
}
