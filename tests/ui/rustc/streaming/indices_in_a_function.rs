use nn_runtime::prelude::*;

fn main() {
    network! {
        //~v ERROR: `Words` cannot work step by step: its stage `reshape1` gives the sequence another shape
        struct Words: u16 [6] -> [2] { embedding(9, 4), gru(3), reshape([18]), #[frozen] linear(8), linear(2) }
    }
    let (words, frozen) = (Words::new(&mut rng(1)), WordsFrozen::ZERO);
    let mut state = WordsState::ZERO;
    let output: SVector<f32, 2> = words.with_frozen(&frozen).step(&mut state, &SVector::from([3])).unwrap();
    println!("{output}");
}
