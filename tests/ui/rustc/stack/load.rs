use nn_runtime::prelude::*;

network! {
    struct Net: [300] -> [300] { fc: linear(300) }
    struct Head: [300] -> [10] { #[frozen] fc: linear(300), relu, linear(10) }
}

fn main() {
    //~v ERROR: `Net` is too large to be returned on the stack
    let network = Net::load("net.safetensors").expect("a file");
    //~v ERROR: `Net` is too large to be returned on the stack
    let same = Net::from_bytes(&network.to_bytes()).expect("its own bytes");
    //~v ERROR: `Head` is too large to be returned on the stack
    let (head, frozen) = Head::load("head.safetensors").expect("a file");
    println!("{} {}", same.predict(&[0.0; 300])[0], head.with_frozen(&frozen).predict(&[0.0; 300])[0]);
}
