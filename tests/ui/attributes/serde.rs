use nn_runtime::prelude::*;

network! {
    #[derive(Debug, serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Net: [4] -> [2] {
        linear(2),
    }
}

fn main() {
    println!("{:?}", Net::new(&mut rng(1)));
}
