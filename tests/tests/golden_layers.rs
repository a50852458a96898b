//! Each layer against PyTorch: outputs, every gradient of a parameter, the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(linear_bias: "linear/bias", [7] -> [5] { layer: linear(5) });
golden_layer!(linear_no_bias: "linear/no_bias", [6] -> [9] { layer: linear(9, bias = false) });
golden_layer!(linear_steps: "linear/steps", [3, 4] -> [3, 5] { layer: linear(5) });
golden_layer!(linear_wide: "linear/wide", [33] -> [18] { layer: linear(18) });

golden_layer!(glu: "glu/features", [6] -> [3] { glu });
golden_layer!(glu_channels: "glu/channels", [4, 3] -> [2, 3] { glu(dim = 0) });
golden_layer!(glu_steps: "glu/steps", [3, 10] -> [3, 5] { glu(1) });
golden_layer!(glu_image: "glu/image", [3, 2, 5] -> [3, 1, 5] { glu(-2) });
golden_layer!(normalize: "normalize/features", [7] -> [7] { normalize });
golden_layer!(normalize_channels: "normalize/channels", [4, 3] -> [4, 3] { normalize(1) });
golden_layer!(normalize_steps: "normalize/steps", [5, 3] -> [5, 3] { normalize(dim = -1, eps = 3) });
golden_layer!(normalize_single: "normalize/single", [5, 3] -> [5, 3] { normalize(1.0, 1, 5.0) });
golden_layer!(normalize_image: "normalize/image", [3, 4, 2] -> [3, 4, 2] { normalize(p = 3.5, dim = 1) });
golden_layer!(softmax: "softmax/features", [7] -> [7] { softmax });
golden_layer!(softmax_steps: "softmax/steps", [3, 5] -> [3, 5] { softmax });
golden_layer!(softmax_channels: "softmax/channels", [4, 3] -> [4, 3] { softmax(0) });
golden_layer!(softmax_image: "softmax/image", [3, 2, 5] -> [3, 2, 5] { softmax(dim = 1) });
golden_layer!(log_softmax: "log_softmax/features", [7] -> [7] { log_softmax });
golden_layer!(log_softmax_steps: "log_softmax/steps", [3, 5] -> [3, 5] { log_softmax });
golden_layer!(log_softmax_channels: "log_softmax/channels", [4, 3] -> [4, 3] { log_softmax(0) });
golden_layer!(log_softmax_image: "log_softmax/image", [3, 2, 5] -> [3, 2, 5] { log_softmax(dim = 1) });
golden_layer!(flatten: "flatten/image", [2, 3, 4] -> [24] { flatten });
golden_layer!(reshape: "reshape/image", [2, 3, 4] -> [4, 3, 2] { reshape([4, 3, 2]) });
golden_layer!(transpose: "transpose/steps", [3, 4] -> [4, 3] { transpose });
golden_layer!(transpose_image: "transpose/image",
    [2, 3, 4] -> [2, 4, 2] { transpose, reshape([8, 3]), fc: linear(2), reshape([2, 4, 2]) });
golden_layer!(concat: "concat/features", [4] -> [5]
    { both: concat { [a: linear(3)], [b: linear(2)] } });
golden_layer!(concat_steps: "concat/steps",
    [3, 4] -> [3, 7] { both: concat(dim = 1) { [a: linear(3)], [] } });

golden_layer!(residual: "residual/linear_tanh",
    [6] -> [6] { block: residual { fc: linear(6), tanh } });

golden_layer!(embedding: "embedding/one", u8 [1] -> [1, 4] { layer: embedding(6, 4) });
golden_layer!(embedding_steps: "embedding/steps", u16 [4] -> [4, 3] { layer: embedding(7, 3) });
golden_layer!(embedding_linear: "embedding/linear",
    u32 [3] -> [3, 2] { table: embedding(5, 4), fc: linear(2) });
