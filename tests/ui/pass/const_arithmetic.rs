use nn_runtime::prelude::*;

network! {
    /// The side of an image.
    pub const SIDE: usize = 4 * (1 + 2) - 12 / 3;
    const CLASSES: usize = SIDE / 2 + 0x1;

    pub struct Net: [1, SIDE, SIDE] -> [CLASSES] {
        conv2d(2 * SIDE, kernel_size = (SIDE - 5, 1_0 / 2), padding = (1, 2)), relu,
        flatten,
        linear(2 * CLASSES), tanh,
        linear(CLASSES),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let output: SVector<f32, CLASSES> = net.predict(&SVector::<f32, { SIDE * SIDE }>::zeros());
    assert_eq!((SIDE, CLASSES, output.len()), (8, 5, 5));
}
