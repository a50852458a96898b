use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (mut net, mut frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    //~v ERROR: all parameters are to be changed here, frozen ones too, which `WithFrozen<&Net, &NetFrozen>` does not allow
    println!("{:?}", net.with_frozen(&frozen).load_in("net.safetensors"));
    //~v ERROR: all parameters are to be changed here, frozen ones too, which `WithFrozen<&mut Net, &NetFrozen>` does not allow
    println!("{:?}", net.with_frozen_mut(&frozen).load_in("net.safetensors"));
    //~v ERROR: all parameters are to be changed here, frozen ones too, which `WithFrozen<&Net, &NetFrozen>` does not allow
    println!("{:?}", nn_runtime::weights::Load::new().file(&mut net.with_frozen(&frozen), "net.safetensors"));
    //~v ERROR: all parameters are to be changed here, frozen ones too, which `WithFrozen<&mut Net, &NetFrozen>` does not allow
    println!("{}", net.with_frozen_mut(&frozen).state_dict_mut().count());
    println!("{:?}", net.with_both_mut(&mut frozen).load_in("net.safetensors"));
    println!("{} {}", INPUTS.len(), TARGETS.len());
}
