use nn_runtime::network;

network! {
    //~v ERROR: there is no file `ui/weights/there_is_none.bin`
    #[weights("ui/weights/there_is_none.bin")]
    pub struct Net: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
}

fn main() {
    println!("{:?}", Net::PRETRAINED);
}
