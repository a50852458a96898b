//! What a network's output is, as a type, for what losses need of it.

use core::marker::PhantomData;

use super::LayerInfo;

/// A loss's needs that a network with this [`Ending`] fulfils.
pub trait Fits<Ending> {}

impl<Needs, E: Fulfils<Needs>> Fits<E> for Needs {}

/// An [`Ending`] that fulfils a loss's needs: [`Fits`] from the network's side.
pub trait Fulfils<Needs> {}

/// What a network's output is: made by the layer `Last`, of `Total` values, in `STEPS` times `Each`.
#[derive(Debug)]
pub struct Ending<Last, Total, const STEPS: usize, Each>(PhantomData<(Last, Total, Each)>);

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

/// The last layer of a network inside, by its [`last_layer`].
#[derive(Debug)]
pub enum LastLayer<const NUMBER: usize> {}

/// The type of a last layer.
pub trait Named {
    /// The type.
    type Last;
}

macro_rules! name {
    ($($number:literal $last:ident)*) => {$(
        impl Named for LastLayer<$number> {
            type Last = $last;
        }
    )*};
}

name!(0 Other 1 Softmax 2 LogSoftmax 3 Sigmoid);

/// The number of a network's last layer in [`LastLayer`]; of a network that is the last layer its last one. Layers that
/// only move values do not count.
#[must_use]
pub const fn last_layer(layers: &[LayerInfo]) -> usize {
    let mut rest = layers;
    while let Some((last, before)) = rest.split_last() {
        match last.keyword.as_bytes() {
            b"flatten" | b"reshape" | b"transpose" | b"last" => rest = before,
            b"softmax" => return 1,
            b"log_softmax" => return 2,
            b"sigmoid" => return 3,
            _ => return last_layer(last.inner),
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::table::layer;

    const fn row(keyword: &'static str) -> LayerInfo {
        layer("stage", keyword, &[0], &[2], &[2])
    }

    #[test]
    fn the_last_layer_is_that_of_a_network_inside() {
        const INNER: &[LayerInfo] = &[row("linear"), row("softmax"), row("reshape")];
        assert_eq!(
            [last_layer(&[row("relu"), row("log_softmax")]), last_layer(&[row("sigmoid"), row("last")])],
            [2, 3]
        );
        assert_eq!(last_layer(INNER), 1);
        assert_eq!(last_layer(&[row("relu"), row("Inner").layer(0, 0, &[], INNER), row("flatten")]), 1);
        assert_eq!(
            [&[row("softmax"), row("linear")][..], &[row("Own")], &[row("softmax1")], &[]].map(last_layer),
            [0; 4]
        );
    }
}
