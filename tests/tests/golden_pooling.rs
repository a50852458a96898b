//! Pools against PyTorch: outputs and the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(max_pool1d: "max_pool1d/default", [2, 7] -> [2, 3] { max_pool1d(2) });
golden_layer!(max_pool1d_odd: "max_pool1d/odd", [3, 8] -> [3, 4] { max_pool1d(3, stride = 2, padding = 1) });
golden_layer!(max_pool1d_overlap: "max_pool1d/overlap", [1, 6] -> [1, 7] { max_pool1d(4, stride = 1, padding = 2) });
golden_layer!(max_pool1d_dilation: "max_pool1d/dilation", [2, 9] -> [2, 3] { max_pool1d(3, 2, 1, 3) });

golden_layer!(max_pool2d: "max_pool2d/default", [2, 7, 5] -> [2, 3, 2] { max_pool2d(2) });
golden_layer!(max_pool2d_odd: "max_pool2d/odd",
    [2, 7, 8] -> [2, 4, 3] { max_pool2d((3, 2), stride = (2, 3), padding = 1) });
golden_layer!(max_pool2d_overlap: "max_pool2d/overlap",
    [1, 6, 7] -> [1, 4, 8] { max_pool2d((3, 4), stride = 1, padding = (0, 2)) });
golden_layer!(max_pool2d_dilation: "max_pool2d/dilation",
    [2, 7, 6] -> [2, 5, 2] { max_pool2d((3, 2), (1, 2), (1, 0), (2, 3)) });

golden_layer!(avg_pool1d: "avg_pool1d/default", [2, 7] -> [2, 2] { avg_pool1d(3) });
golden_layer!(avg_pool1d_padding: "avg_pool1d/padding", [3, 8] -> [3, 4] { avg_pool1d(5, stride = 2, padding = 2) });
golden_layer!(avg_pool1d_without_padding: "avg_pool1d/without_padding",
    [3, 8] -> [3, 4] { avg_pool1d(5, stride = 2, padding = 2, count_include_pad = false) });

golden_layer!(avg_pool2d: "avg_pool2d/default", [2, 7, 5] -> [2, 2, 2] { avg_pool2d((3, 2)) });
golden_layer!(avg_pool2d_padding: "avg_pool2d/padding",
    [2, 5, 8] -> [2, 6, 3] { avg_pool2d((2, 5), stride = (1, 3), padding = (1, 2)) });
golden_layer!(avg_pool2d_without_padding: "avg_pool2d/without_padding",
    [2, 5, 8] -> [2, 6, 3] { avg_pool2d((2, 5), (1, 3), (1, 2), count_include_pad = false) });

golden_layer!(global_avg_pool_of_signal: "global_avg_pool/signal", [3, 7] -> [3] { global_avg_pool });
golden_layer!(global_avg_pool_of_image: "global_avg_pool/image", [3, 5, 4] -> [3] { global_avg_pool });
golden_layer!(global_max_pool_of_signal: "global_max_pool/signal", [3, 7] -> [3] { global_max_pool });
golden_layer!(global_max_pool_of_image: "global_max_pool/image", [3, 5, 4] -> [3] { global_max_pool });
