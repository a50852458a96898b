use nn_runtime::prelude::*;

network! {
    struct Net: [5, 3] -> [2] {
        lstm(4),
        //~^^ ERROR: `Net` cannot work step by step: its stage `mean1` takes the mean over all steps
        mean,
        linear(2),
    }
}

/// The same where only the workspace is named.
fn run(net: &Net, workspace: &mut NetBlockWorkspace<8>) {
    let _ = (net, workspace);
}

fn main() {
    let _ = run;
}
