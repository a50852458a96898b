use nn_runtime::prelude::*;

network! {
    struct Upscaler: [3, 128, 128] -> [3, 256, 256] { conv_transpose2d(3, kernel_size = 2, stride = 2) }
}

fn main() {
    let network = Upscaler::new(&mut rng(1));
    let mut workspace = UpscalerInferenceWorkspace::boxed();
    //~v ERROR: an output of `Upscaler` is too large for the stack
    let output = network.predict_in(&[0.0; 49152], &mut workspace);
    println!("{}", output[0]);
}
