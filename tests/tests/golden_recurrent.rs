//! Recurrent layers against PyTorch: outputs, every gradient of a parameter, the gradient of the input.

use nn_tests::golden_layer;

golden_layer!(rnn: "rnn/default", [4, 3] -> [4, 5] { layer: rnn(5) });
golden_layer!(rnn_one_step: "rnn/one_step", [1, 4] -> [1, 3] { layer: rnn(3) });
golden_layer!(rnn_long: "rnn/long", [9, 2] -> [9, 8] { layer: rnn(8) });
golden_layer!(rnn_relu: "rnn/relu", [5, 3] -> [5, 6] { layer: rnn(6, nonlinearity = relu) });
golden_layer!(rnn_bidirectional: "rnn/bidirectional", [4, 3] -> [4, 10] { layer: rnn(5, relu, bidirectional = true) });
golden_layer!(gru: "gru/default", [4, 3] -> [4, 5] { layer: gru(5) });
golden_layer!(gru_one_step: "gru/one_step", [1, 4] -> [1, 3] { layer: gru(3) });
golden_layer!(gru_long: "gru/long", [9, 2] -> [9, 8] { layer: gru(8) });
golden_layer!(gru_bidirectional: "gru/bidirectional", [4, 3] -> [4, 10] { layer: gru(5, bidirectional = true) });
golden_layer!(gru_reset_before: "gru/reset_before", [4, 3] -> [4, 5] { layer: gru(5, reset_after = false) });
golden_layer!(gru_reset_before_one_step: "gru/reset_before_one_step", [1, 4] -> [1, 3] { layer: gru(3, reset_after = false) });
golden_layer!(gru_reset_before_long: "gru/reset_before_long", [9, 2] -> [9, 17] { layer: gru(17, reset_after = false) });
golden_layer!(gru_reset_before_bidirectional: "gru/reset_before_bidirectional", [4, 3] -> [4, 10] { layer: gru(5, true, false, sigmoid) });
golden_layer!(gru_reset_before_relu: "gru/reset_before_relu", [7, 3] -> [7, 6] { layer: gru(6, reset_after = false, activation = relu) });
golden_layer!(gru_relu: "gru/relu", [4, 3] -> [4, 10] { layer: gru(5, bidirectional = true, activation = relu) });
golden_layer!(gru_sigmoid: "gru/sigmoid", [4, 3] -> [4, 5] { layer: gru(5, activation = sigmoid) });
golden_layer!(lstm: "lstm/default", [4, 3] -> [4, 5] { layer: lstm(5) });
golden_layer!(lstm_one_step: "lstm/one_step", [1, 4] -> [1, 3] { layer: lstm(3) });
golden_layer!(lstm_long: "lstm/long", [9, 2] -> [9, 8] { layer: lstm(8) });
golden_layer!(lstm_bidirectional: "lstm/bidirectional", [4, 3] -> [4, 10] { layer: lstm(5, bidirectional = true) });
golden_layer!(lstm_bidirectional_one_step: "lstm/bidirectional_one_step", [1, 2] -> [1, 6] { layer: lstm(3, bidirectional = true) });
golden_layer!(lstm_relu: "lstm/relu", [5, 3] -> [5, 5] { layer: lstm(5, activation = relu) });
golden_layer!(lstm_sigmoid: "lstm/sigmoid", [4, 3] -> [4, 10] { layer: lstm(5, true, sigmoid) });
golden_layer!(gru_stacked: "gru/stacked", [3, 2] -> [3, 4] { a: gru(3, bidirectional = true), b: gru(2, true) });
