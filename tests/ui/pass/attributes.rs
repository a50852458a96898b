#![deny(warnings)]

use nn_runtime::prelude::*;

trait Name {
    const NAME: &'static str;
}

network! {
    /// Derives and attributes of the user's pass through.
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
    #[must_use]
    #[allow(clippy::module_name_repetitions)]
    pub struct Net: [4] -> [4] { relu, softmax }
}

impl Name for Net {
    const NAME: &'static str = "Net";
}

fn main() {
    println!("{} {:?} {}", Net::NAME, Net::ZERO.partial_cmp(&Net::ZERO), Net::ZERO.predict(&SVector::zeros()));
}
