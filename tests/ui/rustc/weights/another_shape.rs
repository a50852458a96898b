use nn_runtime::network;

mod inside {
    nn_runtime::network! { pub struct Encoder: [4] -> [2] { fc: linear(2), leaky_relu } }
}

network! {
    //~v ERROR: the tensors of `enc` in `ui/weights/encoder_of_another_shape.safetensors` and in `Net` do not fit
    #[weights("ui/weights/encoder_of_another_shape.safetensors")]
    pub struct Net: [4] -> [3] { enc: inside::Encoder -> [2], out: linear(3) }
}

fn main() {
    println!("{:?}", Net::PRETRAINED);
}
