use nn_runtime::network;

mod inside {
    nn_runtime::network! { pub struct Encoder: [4] -> [2] { fc: linear(2), relu } }
}

network! {
    //~v ERROR: `ui/weights/encoder_with_spec.safetensors` is of another network than `Net`: the layers of `enc` differ
    #[weights("ui/weights/encoder_with_spec.safetensors")]
    pub struct Net: [4] -> [3] { enc: inside::Encoder -> [2], out: linear(3) }
}

fn main() {
    println!("{:?}", Net::PRETRAINED);
}
