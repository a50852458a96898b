//! The layers that normalise against PyTorch: by the statistics of the batch, running ones included, and of each sample.

use nn_tests::golden_layer;

golden_layer!(statistics batch_norm1d: "batch_norm1d/features",
    [4] -> [4] { layer: batch_norm1d });
golden_layer!(statistics batch_norm1d_length: "batch_norm1d/length",
    [3, 5] -> [3, 5] { layer: batch_norm1d });
golden_layer!(statistics batch_norm1d_options: "batch_norm1d/options",
    [3] -> [3] { layer: batch_norm1d(eps = 0.01, momentum = 0.25) });
golden_layer!(statistics batch_norm2d: "batch_norm2d/image",
    [3, 4, 5] -> [3, 4, 5] { layer: batch_norm2d });
golden_layer!(statistics batch_norm2d_options: "batch_norm2d/options",
    [2, 3, 5] -> [2, 3, 5] { layer: batch_norm2d(0.01, momentum = 0.25) });

golden_layer!(layer_norm: "layer_norm/features", [7] -> [7] { layer: layer_norm });
golden_layer!(layer_norm_steps: "layer_norm/steps",
    [3, 5] -> [3, 5] { layer: layer_norm });
golden_layer!(layer_norm_image: "layer_norm/image",
    [2, 3, 4] -> [2, 3, 4] { layer: layer_norm });
golden_layer!(layer_norm_eps: "layer_norm/eps",
    [3, 6] -> [3, 6] { layer: layer_norm(eps = 0.25) });

golden_layer!(group_norm: "group_norm/channels", [6] -> [6] { layer: group_norm(2) });
golden_layer!(group_norm_length: "group_norm/length",
    [6, 5] -> [6, 5] { layer: group_norm(3) });
golden_layer!(group_norm_image: "group_norm/image",
    [6, 3, 5] -> [6, 3, 5] { layer: group_norm(num_groups = 2) });
golden_layer!(group_norm_one: "group_norm/one",
    [3, 2, 5] -> [3, 2, 5] { layer: group_norm(1) });
golden_layer!(group_norm_each: "group_norm/each",
    [3, 5, 2] -> [3, 5, 2] { layer: group_norm(3) });
golden_layer!(group_norm_eps: "group_norm/eps",
    [4, 3] -> [4, 3] { layer: group_norm(2, eps = 0.25) });

golden_layer!(rms_norm: "rms_norm/features", [7] -> [7] { layer: rms_norm });
golden_layer!(rms_norm_steps: "rms_norm/steps", [3, 5] -> [3, 5] { layer: rms_norm });
golden_layer!(rms_norm_eps: "rms_norm/eps", [3, 6] -> [3, 6] { layer: rms_norm(eps = 0.25) });
