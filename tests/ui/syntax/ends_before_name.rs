use nn_runtime::network;

network! {
    pub struct
}

fn main() {}
