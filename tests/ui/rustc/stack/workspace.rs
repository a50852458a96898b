use nn_runtime::network::Parameters as _;
use nn_runtime::prelude::*;

//~v ERROR: this `NetWorkspace` is too large for the stack, which takes up to 448 KiB: write `NetWorkspace::boxed()`, or in a `static` `nn_runtime::bytemuck::zeroed()`
network! {
    struct Net: [600] -> [10] { linear(1000), relu, linear(10) }
}

fn main() {
    let mut workspace = NetWorkspace::<64>::ZERO;
    println!("{}", Net::output_then_grad(&mut workspace)[0]);
}
