//! Convolutions against PyTorch: outputs, every gradient of a parameter, the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(conv2d: "conv2d/default", [2, 5, 6] -> [3, 3, 4] { layer: conv2d(3, 3) } [layer.weight, layer.bias]);
golden_layer!(conv2d_odd_kernel: "conv2d/odd_kernel",
    [2, 6, 9] -> [3, 4, 5] { layer: conv2d(3, (3, 5)) } [layer.weight, layer.bias]);
golden_layer!(conv2d_stride: "conv2d/stride",
    [1, 7, 9] -> [3, 3, 3] { layer: conv2d(3, (3, 2), stride = (2, 3)) } [layer.weight, layer.bias]);
golden_layer!(conv2d_padding: "conv2d/padding",
    [2, 4, 5] -> [3, 4, 7] { layer: conv2d(3, 3, padding = (1, 2)) } [layer.weight, layer.bias]);
golden_layer!(conv2d_dilation: "conv2d/dilation",
    [2, 7, 8] -> [3, 3, 5] { layer: conv2d(3, (3, 2), dilation = (2, 3)) } [layer.weight, layer.bias]);
golden_layer!(conv2d_groups: "conv2d/groups",
    [4, 5, 4] -> [6, 4, 2] { layer: conv2d(6, (2, 3), groups = 2) } [layer.weight, layer.bias]);
golden_layer!(conv2d_depthwise: "conv2d/depthwise",
    [3, 5, 4] -> [6, 5, 4] { layer: conv2d(6, 3, padding = 1, groups = 3) } [layer.weight, layer.bias]);
golden_layer!(conv2d_no_bias: "conv2d/no_bias", [2, 5, 4] -> [3, 4, 3] { layer: conv2d(3, 2, bias = false) } [layer.weight]);
golden_layer!(conv2d_pointwise: "conv2d/pointwise",
    [5, 3, 2] -> [4, 3, 2] { layer: conv2d(4, kernel_size = 1) } [layer.weight, layer.bias]);
golden_layer!(conv2d_all: "conv2d/all",
    [4, 7, 11] -> [6, 3, 3] { layer: conv2d(6, (3, 5), stride = 2, padding = 1, dilation = 2, groups = 2) }
    [layer.weight, layer.bias]);
