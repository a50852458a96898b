//@error-in-other-file: this is too large to be deserialized on the stack
use nn_runtime::prelude::*;

network! {
    struct Net: [784] -> [784] { linear(784) }
}

fn main() {
    let network: Net = serde_json::from_str("{}").expect("a network");
    println!("{}", network.linear1.weight[0]);
}
