use nn_runtime::network;

network! {
    #[weights("ui/weights/network.safetensors")]
    const SIZE: usize = 2;

    pub struct Net: [4] -> [3] {
        #[weights("ui/weights/network.safetensors")]
        fc1: linear(2), tanh, fc2: linear(3)
    }
}

fn main() {}
