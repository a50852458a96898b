use nn_runtime::prelude::*;

network! {
    #[derive(Default)]
    struct Net: [784] -> [784] { linear(784) }
}

fn main() {
    //~v ERROR: `Net` is too large for the stack
    let network = Net::default();
    println!("{}", network.linear1.weight[0]);
}
