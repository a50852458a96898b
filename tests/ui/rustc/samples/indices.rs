use nn_runtime::prelude::*;

network! {
    struct Words: u16 [6] -> [2] { embedding(100, 4), mean, linear(2) }
}

fn main() {
    let network = Words::new(&mut rng(1));
    let words: [usize; 6] = [1, 2, 3, 4, 5, 6];
    //~v ERROR: a sample here is of type `[u16; 6]`, not `[usize; 6]`
    println!("{:?}", network.predict(&words));
}
