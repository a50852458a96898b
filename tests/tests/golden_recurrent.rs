//! Recurrent layers against PyTorch: outputs, every gradient of a parameter, the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(gru: "gru/default", [4, 3] -> [4, 5] { layer: gru(5) });
golden_layer!(gru_one_step: "gru/one_step", [1, 4] -> [1, 3] { layer: gru(3) });
golden_layer!(gru_long: "gru/long", [9, 2] -> [9, 8] { layer: gru(8) });
