use nn_runtime::network;

network! {
    #[weights("ui/weights/network.safetensors")]
    pub struct Net: [4] -> [4] { tanh }
}

fn main() {
    println!("{:?}", Net::PRETRAINED);
}
