//! The layers that move values against PyTorch: parts, orders, padding, upsampling; pools and convolutions with other padding
//! before than after, and pools whose output is rounded up.

use nn_tests::golden_layer;

golden_layer!(narrow: "narrow/features", [3, 5] -> [3, 3] { narrow(1, 1, 3) });
golden_layer!(narrow_steps: "narrow/steps", [5, 3] -> [3, 3] { narrow(dim = 0, start = 2, length = 3) });
golden_layer!(narrow_image: "narrow/image", [2, 5, 3] -> [2, 2, 3] { narrow(-2, -4, 2) });
golden_layer!(chunk: "chunk/features", [3, 5] -> [3, 5] { (a, b, c): chunk(3, dim = 1), concat(dim = 1) { [c], [a], [b] } });
golden_layer!(chunk_image: "chunk/image", [4, 3, 2] -> [2, 6, 2] { (a, b): chunk(2), concat(dim = 1) { [b], [a] } });
golden_layer!(split: "split/steps", [7, 2] -> [7, 2] { (a, b, c): split(3), concat { [b], [c], [a] } });
golden_layer!(split_sections: "split/sections", [2, 6] -> [2, 5] {
    (_, b, c): split([1, 3, 2], dim = -1), concat(dim = 1) { [c], [b] },
});
golden_layer!(narrow_linear: "narrow/linear",
    [3, 4] -> [3, 3] { fc1: linear(5), narrow(-1, 2, length = 2), fc2: linear(3) });

golden_layer!(permute: "permute/image", [2, 3, 4] -> [3, 4, 2] { permute([1, 2, 0]) });
golden_layer!(permute_reversed: "permute/reversed", [2, 3, 4] -> [4, 3, 2] { permute(dims = [2, 1, 0]) });
golden_layer!(permute_swapped: "permute/swapped", [2, 3, 4] -> [3, 2, 4] { permute([-2, 0, -1]) });
golden_layer!(permute_four: "permute/four", [2, 3, 2, 4] -> [2, 2, 4, 3] { permute([2, 0, 3, 1]) });
golden_layer!(permute_steps: "permute/steps", [3, 4] -> [4, 3] { permute([-1, 0]) });

golden_layer!(upsample: "upsample/signal", [2, 5] -> [2, 15] { upsample(3) });
golden_layer!(upsample_image: "upsample/image", [2, 3, 4] -> [2, 6, 12] { upsample(scale_factor = (2, 3)) });
golden_layer!(upsample_linear: "upsample/linear", [2, 5] -> [2, 15] { upsample(3, linear) });
golden_layer!(upsample_aligned: "upsample/aligned",
    [2, 5] -> [2, 15] { upsample(3, mode = linear, align_corners = true) });
golden_layer!(upsample_bilinear: "upsample/bilinear", [2, 3, 4] -> [2, 6, 12] { upsample((2, 3), mode = bilinear) });
golden_layer!(upsample_bilinear_aligned: "upsample/bilinear_aligned",
    [2, 3, 4] -> [2, 12, 8] { upsample((4, 2), bilinear, true) });
golden_layer!(upsample_one: "upsample/one", [3, 1, 2] -> [3, 2, 4] { upsample(2, bilinear, align_corners = true) });

golden_layer!(pad: "pad/signal", [2, 5] -> [2, 8] { pad([[1, 2]]) });
golden_layer!(pad_image: "pad/image", [2, 3, 4] -> [2, 6, 7] { pad([[1, 2], [3, 0]], value = -0.5) });
golden_layer!(pad_channels: "pad/channels", [2, 3, 4] -> [4, 3, 5] { pad(pad = [[2, 0], [0, 0], [0, 1]]) });
golden_layer!(pad_reflect: "pad/reflect", [2, 5] -> [2, 11] { pad([[4, 2]], mode = reflect) });
golden_layer!(pad_reflect_image: "pad/reflect_image", [2, 3, 4] -> [2, 5, 8] { pad([[0, 2], [3, 1]], reflect) });
golden_layer!(pad_replicate: "pad/replicate", [2, 5] -> [2, 12] { pad([[6, 1]], replicate) });
golden_layer!(pad_replicate_image: "pad/replicate_image",
    [2, 3, 4] -> [2, 5, 10] { pad([[2, 0], [1, 5]], mode = replicate) });

golden_layer!(conv1d_sides: "conv1d/sides",
    [2, 6] -> [3, 4] { layer: conv1d(3, 3, stride = 2, padding = [[1, 3]]) });
golden_layer!(conv2d_sides: "conv2d/sides",
    [2, 5, 4] -> [4, 4, 5] { layer: conv2d(4, (3, 2), stride = (2, 1), groups = 2, padding = [[3, 1], [0, 2]]) });
golden_layer!(conv_transpose1d_sides: "conv_transpose1d/sides",
    [2, 5] -> [3, 8] { layer: conv_transpose1d(3, 4, stride = 2, padding = [[1, 3]]) });
golden_layer!(conv_transpose2d_sides: "conv_transpose2d/sides",
    [2, 3, 4] -> [3, 5, 6] { layer: conv_transpose2d(3, 3, stride = 2, padding = [[2, 0], [1, 2]]) });
golden_layer!(max_pool2d_sides: "max_pool2d/sides",
    [2, 5, 6] -> [2, 2, 3] { max_pool2d((3, 2), stride = 2, padding = [[1, 0], [0, 1]]) });
golden_layer!(avg_pool1d_sides: "avg_pool1d/sides", [2, 6] -> [2, 3] { avg_pool1d(3, 2, [[0, 1]]) });
golden_layer!(avg_pool2d_sides: "avg_pool2d/sides",
    [2, 5, 6] -> [2, 3, 3] { avg_pool2d(2, padding = [[0, 1], [1, 0]]) });

golden_layer!(max_pool1d_ceil: "max_pool1d/ceil", [2, 8] -> [2, 4] { max_pool1d(3, 2, 1, 2, ceil_mode = true) });
golden_layer!(max_pool2d_ceil: "max_pool2d/ceil", [2, 5, 7] -> [2, 3, 4] { max_pool2d(2, ceil_mode = true) });
golden_layer!(max_pool2d_ceil_left_out: "max_pool2d/ceil_left_out",
    [2, 5, 7] -> [2, 2, 2] { max_pool2d((2, 3), stride = (3, 4), padding = 1, ceil_mode = true) });
golden_layer!(avg_pool1d_ceil: "avg_pool1d/ceil", [2, 8] -> [2, 5] { avg_pool1d(3, 2, 1, true) });
golden_layer!(avg_pool2d_ceil: "avg_pool2d/ceil", [2, 5, 9] -> [2, 3, 5] { avg_pool2d(2, ceil_mode = true) });
golden_layer!(avg_pool2d_ceil_padding: "avg_pool2d/ceil_padding",
    [2, 6, 7] -> [2, 4, 3] { avg_pool2d((3, 4), (2, 3), (1, 2), ceil_mode = true) });
golden_layer!(avg_pool2d_ceil_without_padding: "avg_pool2d/ceil_without_padding",
    [2, 6, 7] -> [2, 4, 3] { avg_pool2d((3, 4), (2, 3), (1, 2), true, false) });
