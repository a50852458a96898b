use nn_runtime::prelude::*;

network! {
    struct Words: u8 [4] -> [2] { embedding(5, 3), mean, linear(2) }
    struct Tuned: u8 [4] -> [2] { #[frozen] embedding(5, 3), mean, linear(2) }
}

fn main() {
    let words = Words::new(&mut rng(1));
    //~v ERROR: the input of `Words` is indices, with respect to which an output has no gradient
    println!("{:?}", words.input_gradient(&[1; 4], 0));

    let (tuned, frozen) = (Tuned::new(&mut rng(1)), TunedFrozen::new(&mut rng(2)));
    //~v ERROR: the outputs of `Tuned` have no gradient with respect to its input
    println!("{:?}", tuned.with_frozen(&frozen).input_gradient(&[1; 4], 0));
}
