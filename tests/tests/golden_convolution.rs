//! Convolutions against PyTorch: outputs, every gradient of a parameter, the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(conv2d: "conv2d/default", [2, 5, 6] -> [3, 3, 4] { layer: conv2d(3, 3) });
golden_layer!(conv2d_odd_kernel: "conv2d/odd_kernel",
    [2, 6, 9] -> [3, 4, 5] { layer: conv2d(3, (3, 5)) });
golden_layer!(conv2d_stride: "conv2d/stride",
    [1, 7, 9] -> [3, 3, 3] { layer: conv2d(3, (3, 2), stride = (2, 3)) });
golden_layer!(conv2d_padding: "conv2d/padding",
    [2, 4, 5] -> [3, 4, 7] { layer: conv2d(3, 3, padding = (1, 2)) });
golden_layer!(conv2d_dilation: "conv2d/dilation",
    [2, 7, 8] -> [3, 3, 5] { layer: conv2d(3, (3, 2), dilation = (2, 3)) });
golden_layer!(conv2d_groups: "conv2d/groups",
    [4, 5, 4] -> [6, 4, 2] { layer: conv2d(6, (2, 3), groups = 2) });
golden_layer!(conv2d_depthwise: "conv2d/depthwise",
    [3, 5, 4] -> [6, 5, 4] { layer: conv2d(6, 3, padding = 1, groups = 3) });
golden_layer!(conv2d_no_bias: "conv2d/no_bias", [2, 5, 4] -> [3, 4, 3] { layer: conv2d(3, 2, bias = false) });
golden_layer!(conv2d_pointwise: "conv2d/pointwise",
    [5, 3, 2] -> [4, 3, 2] { layer: conv2d(4, kernel_size = 1) });
golden_layer!(conv2d_all: "conv2d/all",
    [4, 7, 11] -> [6, 3, 3] { layer: conv2d(6, (3, 5), stride = 2, padding = 1, dilation = 2, groups = 2) });
golden_layer!(conv2d_same: "conv2d/same",
    [2, 4, 5] -> [3, 4, 5] { layer: conv2d(3, (2, 3), padding = same, dilation = (3, 2)) });

golden_layer!(conv1d: "conv1d/default", [2, 7] -> [3, 5] { layer: conv1d(3, 3) });
golden_layer!(conv1d_stride: "conv1d/stride",
    [1, 11] -> [3, 4] { layer: conv1d(3, 2, stride = 3) });
golden_layer!(conv1d_padding: "conv1d/padding",
    [2, 5] -> [3, 6] { layer: conv1d(3, 4, padding = 2) });
golden_layer!(conv1d_same: "conv1d/same",
    [2, 6] -> [3, 6] { layer: conv1d(3, 4, padding = same, dilation = 3) });
golden_layer!(conv1d_dilation: "conv1d/dilation",
    [2, 9] -> [3, 3] { layer: conv1d(3, 3, dilation = 3) });
golden_layer!(conv1d_groups: "conv1d/groups",
    [4, 6] -> [6, 4] { layer: conv1d(6, 3, groups = 2) });
golden_layer!(conv1d_depthwise: "conv1d/depthwise",
    [3, 6] -> [6, 6] { layer: conv1d(6, 3, padding = 1, groups = 3) });
golden_layer!(conv1d_no_bias: "conv1d/no_bias", [2, 5] -> [3, 4] { layer: conv1d(3, 2, bias = false) });
golden_layer!(conv1d_pointwise: "conv1d/pointwise",
    [5, 3] -> [4, 3] { layer: conv1d(4, kernel_size = 1) });
golden_layer!(conv1d_causal: "conv1d/causal",
    [2, 7] -> [3, 7] { layer: conv1d(3, 3, causal = true) });
golden_layer!(conv1d_causal_all: "conv1d/causal_all",
    [4, 8] -> [6, 3] { layer: conv1d(6, 3, stride = 3, dilation = 2, groups = 2, causal = true) });
golden_layer!(conv1d_all: "conv1d/all", [4, 13] -> [6, 4] {
    layer: conv1d(6, 5, stride = 2, padding = 1, dilation = 2, groups = 2, bias = true)
});

golden_layer!(conv_transpose1d: "conv_transpose1d/default",
    [2, 5] -> [3, 7] { layer: conv_transpose1d(3, 3) });
golden_layer!(conv_transpose1d_stride: "conv_transpose1d/stride",
    [3, 4] -> [2, 11] { layer: conv_transpose1d(2, 2, stride = 3) });
golden_layer!(conv_transpose1d_padding: "conv_transpose1d/padding",
    [2, 5] -> [3, 4] { layer: conv_transpose1d(3, 4, padding = 2) });
golden_layer!(conv_transpose1d_output_padding: "conv_transpose1d/output_padding",
    [2, 4] -> [3, 12] { layer: conv_transpose1d(3, 3, stride = 3, padding = 1, output_padding = 2) });
golden_layer!(conv_transpose1d_groups: "conv_transpose1d/groups",
    [4, 3] -> [6, 5] { layer: conv_transpose1d(6, 3, groups = 2) });
golden_layer!(conv_transpose1d_no_bias: "conv_transpose1d/no_bias",
    [2, 3] -> [3, 4] { layer: conv_transpose1d(3, 2, bias = false) });
golden_layer!(conv_transpose1d_dilation: "conv_transpose1d/dilation",
    [2, 4] -> [3, 12] { layer: conv_transpose1d(3, 3, dilation = 3, output_padding = 2) });
golden_layer!(conv_transpose1d_all: "conv_transpose1d/all", [4, 5] -> [6, 16] {
    layer: conv_transpose1d(6, 5, stride = 2, padding = 3, output_padding = 1, groups = 2, bias = true, dilation = 3)
});

golden_layer!(conv_transpose2d: "conv_transpose2d/default",
    [2, 3, 4] -> [3, 5, 6] { layer: conv_transpose2d(3, 3) });
golden_layer!(conv_transpose2d_odd_kernel: "conv_transpose2d/odd_kernel",
    [2, 4, 3] -> [3, 6, 7] { layer: conv_transpose2d(3, (3, 5)) });
golden_layer!(conv_transpose2d_stride: "conv_transpose2d/stride",
    [3, 3, 2] -> [2, 6, 5] { layer: conv_transpose2d(2, 2, stride = (2, 3)) });
golden_layer!(conv_transpose2d_padding: "conv_transpose2d/padding",
    [2, 4, 3] -> [3, 4, 1] { layer: conv_transpose2d(3, 3, padding = (1, 2)) });
golden_layer!(conv_transpose2d_output_padding: "conv_transpose2d/output_padding",
    [2, 3, 2] -> [3, 6, 6] { layer: conv_transpose2d(3, 3, stride = (2, 3), padding = 1, output_padding = (1, 2)) });
golden_layer!(conv_transpose2d_groups: "conv_transpose2d/groups",
    [4, 2, 3] -> [6, 3, 5] { layer: conv_transpose2d(6, (2, 3), groups = 2) });
golden_layer!(conv_transpose2d_depthwise: "conv_transpose2d/depthwise",
    [3, 3, 2] -> [3, 4, 3] { layer: conv_transpose2d(3, 2, groups = 3) });
golden_layer!(conv_transpose2d_no_bias: "conv_transpose2d/no_bias",
    [2, 3, 2] -> [3, 4, 3] { layer: conv_transpose2d(3, 2, bias = false) });
golden_layer!(conv_transpose2d_dilation: "conv_transpose2d/dilation",
    [2, 3, 2] -> [3, 5, 5] { layer: conv_transpose2d(3, 2, dilation = (2, 3)) });
golden_layer!(conv_transpose2d_all: "conv_transpose2d/all", [4, 3, 2] -> [6, 7, 8] {
    layer: conv_transpose2d(6, (3, 5), stride = 2, padding = (1, 2), output_padding = (0, 1), groups = 2, bias = true,
        dilation = 2)
});
