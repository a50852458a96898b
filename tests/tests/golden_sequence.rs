//! The layers on sequences against PyTorch: positions, the last step, the mean.

use nn_tests::golden_layer;

golden_layer!(positional_embedding: "positional_embedding/steps",
    [3, 5] -> [3, 5] { layer: positional_embedding });
golden_layer!(positional_embedding_between: "positional_embedding/between",
    [4, 3] -> [4, 2] { fc1: linear(5), layer: positional_embedding, tanh, fc2: linear(2) });

golden_layer!(positional_encoding: "positional_encoding/even", [7, 6] -> [7, 6] { positional_encoding });
golden_layer!(positional_encoding_odd: "positional_encoding/odd", [9, 5] -> [9, 5] { positional_encoding });
golden_layer!(positional_encoding_one: "positional_encoding/one", [1, 3] -> [1, 3] { positional_encoding });
golden_layer!(positional_encoding_long: "positional_encoding/long", [150, 4] -> [4] { positional_encoding, last });
golden_layer!(positional_encoding_between: "positional_encoding/between",
    [4, 3] -> [4, 2] { fc1: linear(6), positional_encoding, tanh, fc2: linear(2) });

golden_layer!(last: "last/steps", [4, 3] -> [3] { last });
golden_layer!(last_linear: "last/linear",
    [3, 4] -> [2] { fc1: linear(5), last, fc2: linear(2) });
golden_layer!(mean: "mean/steps", [5, 3] -> [3] { mean });
golden_layer!(mean_linear: "mean/linear",
    [3, 4] -> [2] { fc1: linear(5), mean, fc2: linear(2) });
