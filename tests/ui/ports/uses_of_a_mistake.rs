use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [4] } -> { y: [4] } { y: add { [a], [c] } }
}

fn main() {
    let input = NetInput { a: [0.0; 4], b: [0.0; 4] };
    let loss = NetOutput { y: Mse };
    println!("{:?} {loss:?}", Net::new(&mut rng(1)).predict(&input));
}
