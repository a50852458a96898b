use nn_runtime::prelude::*;

macro_rules! net {
    ($name:ident, $hidden:expr) => {
        network! {
            pub struct $name: [4] -> [2] { linear($hidden), linear(2) }
        }
    };
}

net!(Shift, 1 << 3);
net!(Remainder, 17 % 9);
net!(Power, 2_usize.pow(3));
net!(Cast, 300 as u8 as usize);
net!(Call, max(1, 2));
net!(Pair, (3, 5));
net!(Negative, -3);
net!(Outside, usize::BITS);

fn main() {}
