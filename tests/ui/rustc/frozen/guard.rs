use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
    struct Plain: [4] -> [2] { linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (net, frozen) = (std::sync::Mutex::new(Net::new(&mut rng(1))), NetFrozen::new(&mut rng(2)));
    let mut training = Training::<Net, Sgd, 2>::ZERO;
    let mut both = WithFrozen::new(net.lock().expect("no thread panicked"), &frozen);
    //~v ERROR: the network is to be changed here, through `&mut` or a `Box`, not through
    println!("{:?}", training.step(&mut both, &Sgd::new(0.1), &Mse, &INPUTS, &TARGETS));

    let plain = std::sync::Mutex::new(Plain::new(&mut rng(1)));
    let mut training = Training::<Plain, Sgd, 2>::ZERO;
    let mut guard = plain.lock().expect("no thread panicked");
    //~v ERROR: is not a network with the parameters `Plain`
    println!("{:?}", training.step(&mut guard, &Sgd::new(0.1), &Mse, &INPUTS, &TARGETS));
    //~v ERROR: is not a network with the parameters `Plain`
    println!("{:?}", training.loss_and_gradient(&guard, &Mse, &INPUTS, &TARGETS));
}
