use nn_runtime::network;

network! {
    //~v ERROR: a file with a similar name is beside it: `network.safetensors`
    #[weights("ui/weights/netwrok.safetensors")]
    pub struct Net: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
}

fn main() {
    println!("{:?}", Net::PRETRAINED);
}
