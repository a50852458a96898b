//! Each elementwise layer against PyTorch: outputs, every gradient of a parameter, the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(relu: "relu/features", [7] -> [7] { relu });
golden_layer!(leaky_relu: "leaky_relu/default", [7] -> [7] { leaky_relu });
golden_layer!(leaky_relu_slope: "leaky_relu/slope", [3, 4] -> [3, 4] { leaky_relu(0.3) });
golden_layer!(leaky_relu_negative: "leaky_relu/negative", [7] -> [7] { leaky_relu(negative_slope = -0.5) });
golden_layer!(prelu: "prelu/one", [2, 3, 4] -> [2, 3, 4] { layer: prelu });
golden_layer!(prelu_channels: "prelu/channels", [3, 2, 5] -> [3, 2, 5] { layer: prelu(3) });
golden_layer!(prelu_features: "prelu/features",
    [7] -> [6] { fc: linear(6), layer: prelu(num_parameters = 6, init = 0.1) });
golden_layer!(relu6: "relu6/features", [9] -> [9] { relu6 });
golden_layer!(elu: "elu/default", [7] -> [7] { elu });
golden_layer!(elu_alpha: "elu/alpha", [3, 4] -> [3, 4] { elu(alpha = 0.3) });
golden_layer!(selu: "selu/features", [7] -> [7] { selu });
golden_layer!(gelu: "gelu/default", [9] -> [9] { gelu });
golden_layer!(gelu_tanh: "gelu/tanh", [9] -> [9] { gelu(approximate = tanh) });
golden_layer!(gelu_linear: "gelu/linear",
    [3, 4] -> [3, 2] { fc1: linear(5), gelu(none), fc2: linear(2) });
golden_layer!(silu: "silu/features", [7] -> [7] { silu });
golden_layer!(mish: "mish/features", [7] -> [7] { mish });
golden_layer!(sigmoid: "sigmoid/features", [7] -> [7] { sigmoid });
golden_layer!(tanh: "tanh/features", [7] -> [7] { tanh });
golden_layer!(softplus: "softplus/default", [9] -> [9] { softplus });
golden_layer!(softplus_options: "softplus/options", [9] -> [9] { softplus(beta = 2.5, threshold = 3) });
golden_layer!(softsign: "softsign/features", [7] -> [7] { softsign });
golden_layer!(square: "square/features", [7] -> [7] { square });
golden_layer!(sqrt: "sqrt/features", [7] -> [7] { softplus, sqrt });
golden_layer!(abs: "abs/features", [7] -> [7] { abs });
golden_layer!(exp: "exp/features", [3, 4] -> [3, 4] { exp });
golden_layer!(log: "log/features", [7] -> [7] { softplus, log });
golden_layer!(hard_sigmoid: "hard_sigmoid/features", [9] -> [9] { hard_sigmoid });
golden_layer!(hard_swish: "hard_swish/features", [9] -> [9] { hard_swish });
golden_layer!(hard_tanh: "hard_tanh/default", [9] -> [9] { hard_tanh });
golden_layer!(hard_tanh_options: "hard_tanh/options", [3, 4] -> [3, 4] { hard_tanh(-0.3, max_val = 2.5) });
