use nn_runtime::network;

network! {
    #[weights("ui/weights/truncated.safetensors")]
    pub struct Net: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
}

fn main() {
    println!("{:?}", Net::PRETRAINED);
}
