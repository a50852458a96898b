//! The node tests of ONNX as networks. Written by tests/onnx/generate.py, from the node tests of onnx 1.22.0.
//!
//! Each line is an operator's data in `tests/onnx/data`, a network, and the cases that it computes. What is supported,
//! and what is not and why, is listed in `tests/onnx/README.md`.

use nn_runtime::optim::{Adagrad, Adam, Sgd};
use nn_tests::{onnx_layer, onnx_losses, onnx_optimizer};

// Abs
onnx_layer!("Abs", [4, 5] -> [4, 5] { abs }: abs);

// Adagrad
onnx_optimizer!(
    "Adagrad", Adagrad::new(0.1).lr_decay(0.1).eps(1e-05).weight_decay(0.001), step 1, 1 parameters:
    adagrad
);
onnx_optimizer!(
    "Adagrad", Adagrad::new(0.1).lr_decay(0.1).eps(1e-05).weight_decay(0.001), step 1, 3 parameters:
    adagrad_multiple
);

// Adam
onnx_optimizer!(
    "Adam", Adam::new(0.1).betas(0.95, 0.1).eps(1e-07).weight_decay(0.001), step u64::MAX, 2 parameters:
    adam
);
onnx_optimizer!(
    "Adam", Adam::new(0.1).betas(0.95, 0.85).eps(0.01).weight_decay(0.001), step u64::MAX, 3 parameters:
    adam_multiple
);

// Add
onnx_layer!(
    "Add", [120] -> [3, 4, 5] { add { [narrow(0, 0, 60), reshape([3, 4, 5])], [narrow(0, 60, 60), reshape([3, 4, 5])] }
        }:
    add
);
onnx_layer!(
    "Add", [65] -> [3, 4, 5] { add { [narrow(0, 0, 60), reshape([3, 4, 5])], [narrow(0, 60, 5), reshape([1, 1, 5])] } }:
    add_bcast
);

// Attention
onnx_layer!(
    "Attention", [6, 72] -> [4, 24] { layer: multihead_attention(3, bias = false), features: linear(24, bias = false),
        transpose, steps: linear(4, bias = false), transpose }:
    attention_3d, attention_3d_scaled, attention_4d, attention_4d_scaled, attention_4d_with_qk_matmul
);
onnx_layer!(
    "Attention", [6, 72] -> [4, 24] { layer: multihead_attention(3, causal = true, bias = false), features: linear(24,
        bias = false), transpose, steps: linear(4, bias = false), transpose }:
    attention_3d_causal, attention_4d_causal
);
onnx_layer!(
    "Attention", [6, 78] -> [4, 30] { layer: multihead_attention(3, bias = false), features: linear(30, bias = false),
        transpose, steps: linear(4, bias = false), transpose }:
    attention_3d_diff_heads_sizes, attention_3d_diff_heads_sizes_scaled, attention_4d_diff_heads_sizes,
    attention_4d_diff_heads_sizes_scaled
);
onnx_layer!(
    "Attention", [6, 78] -> [4, 30] { layer: multihead_attention(3, causal = true, bias = false), features: linear(30,
        bias = false), transpose, steps: linear(4, bias = false), transpose }:
    attention_3d_diff_heads_sizes_causal, attention_4d_diff_heads_sizes_causal
);
onnx_layer!(
    "Attention", [6, 126] -> [4, 72] { layer: multihead_attention(9, bias = false), features: linear(72, bias = false),
        transpose, steps: linear(4, bias = false), transpose }:
    attention_3d_gqa, attention_3d_gqa_scaled, attention_4d_gqa, attention_4d_gqa_scaled
);
onnx_layer!(
    "Attention", [6, 126] -> [4, 72] { layer: multihead_attention(9, causal = true, bias = false), features: linear(72,
        bias = false), transpose, steps: linear(4, bias = false), transpose }:
    attention_3d_gqa_causal, attention_4d_gqa_causal
);
onnx_layer!(
    "Attention", [2, 36] -> [2, 12] { layer: multihead_attention(3, bias = false), features: linear(12, bias = false) }:
    attention_3d_transpose_verification
);

// AveragePool
onnx_layer!("AveragePool", [3, 32] -> [3, 31] { avg_pool1d(2, stride = 1) }: averagepool_1d_default);
onnx_layer!("AveragePool", [1, 4, 4] -> [1, 2, 2] { avg_pool2d(3, stride = 2, ceil_mode = true) }: averagepool_2d_ceil);
onnx_layer!(
    "AveragePool", [3, 2, 2] -> [3, 1, 1] { avg_pool2d(3, padding = 1, ceil_mode = true) }:
    averagepool_2d_ceil_last_window_starts_on_pad
);
onnx_layer!("AveragePool", [3, 32, 32] -> [3, 31, 31] { avg_pool2d(2, stride = 1) }: averagepool_2d_default);
onnx_layer!(
    "AveragePool", [1, 5, 5] -> [1, 5, 5] { avg_pool2d(5, stride = 1, padding = 2, count_include_pad = false) }:
    averagepool_2d_precomputed_pads
);
onnx_layer!(
    "AveragePool", [1, 5, 5] -> [1, 5, 5] { avg_pool2d(5, stride = 1, padding = 2) }:
    averagepool_2d_precomputed_pads_count_include_pad
);
onnx_layer!(
    "AveragePool", [1, 5, 5] -> [1, 3, 3] { avg_pool2d(3, stride = 2, padding = 1, count_include_pad = false) }:
    averagepool_2d_precomputed_same_upper
);
onnx_layer!("AveragePool", [1, 5, 5] -> [1, 2, 2] { avg_pool2d(2) }: averagepool_2d_precomputed_strides);
onnx_layer!(
    "AveragePool", [3, 32, 32] -> [3, 32, 32] { avg_pool2d(2, stride = 1, padding = [[1, 0], [1, 0]], count_include_pad
        = false) }:
    averagepool_2d_same_lower
);
onnx_layer!(
    "AveragePool", [3, 32, 32] -> [3, 32, 32] { avg_pool2d(2, stride = 1, padding = [[0, 1], [0, 1]], count_include_pad
        = false) }:
    averagepool_2d_same_upper
);
onnx_layer!("AveragePool", [3, 32, 32] -> [3, 10, 10] { avg_pool2d(5, stride = 3) }: averagepool_2d_strides);

// BatchNormalization
onnx_layer!("BatchNormalization", [3, 4, 5] -> [3, 4, 5] { layer: batch_norm2d(eps = 0.01) }: batchnorm_epsilon);
onnx_layer!("BatchNormalization", [3, 4, 5] -> [3, 4, 5] { layer: batch_norm2d }: batchnorm_example);

// Clip
onnx_layer!("Clip", [4, 5] -> [4, 5] { hard_tanh(-1, 1) }: clip);
onnx_layer!("Clip", [3] -> [3] { hard_tanh(-3.4028235e+38, 3.4028235e+38) }: clip_default_inbounds);
onnx_layer!("Clip", [4, 5] -> [4, 5] { hard_tanh(-3.4028235e+38, 0) }: clip_default_max);
onnx_layer!("Clip", [4, 5] -> [4, 5] { hard_tanh(0, 3.4028235e+38) }: clip_default_min);
onnx_layer!("Clip", [3] -> [3] { hard_tanh(-1, 1) }: clip_example);
onnx_layer!("Clip", [3] -> [3] { hard_tanh(-5, 5) }: clip_inbounds, clip_outbounds, clip_splitbounds);

// Concat
onnx_layer!(
    "Concat", [4] -> [4] { concat(dim = 0) { [narrow(0, 0, 2), reshape([2])], [narrow(0, 2, 2), reshape([2])] } }:
    concat_1d_axis_0, concat_1d_axis_negative_1
);
onnx_layer!(
    "Concat", [8] -> [4, 2] { concat(dim = 0) { [narrow(0, 0, 4), reshape([2, 2])], [narrow(0, 4, 4), reshape([2, 2])] }
        }:
    concat_2d_axis_0, concat_2d_axis_negative_2
);
onnx_layer!(
    "Concat", [8] -> [2, 4] { concat(dim = 1) { [narrow(0, 0, 4), reshape([2, 2])], [narrow(0, 4, 4), reshape([2, 2])] }
        }:
    concat_2d_axis_1, concat_2d_axis_negative_1
);
onnx_layer!(
    "Concat", [16] -> [4, 2, 2] { concat(dim = 0) { [narrow(0, 0, 8), reshape([2, 2, 2])], [narrow(0, 8, 8), reshape([2,
        2, 2])] } }:
    concat_3d_axis_0, concat_3d_axis_negative_3
);
onnx_layer!(
    "Concat", [16] -> [2, 4, 2] { concat(dim = 1) { [narrow(0, 0, 8), reshape([2, 2, 2])], [narrow(0, 8, 8), reshape([2,
        2, 2])] } }:
    concat_3d_axis_1, concat_3d_axis_negative_2
);
onnx_layer!(
    "Concat", [16] -> [2, 2, 4] { concat(dim = 2) { [narrow(0, 0, 8), reshape([2, 2, 2])], [narrow(0, 8, 8), reshape([2,
        2, 2])] } }:
    concat_3d_axis_2, concat_3d_axis_negative_1
);

// Conv
onnx_layer!("Conv", [1, 5, 5] -> [1, 5, 5] { layer: conv2d(1, 3, padding = 1, bias = false) }: basic_conv_with_padding);
onnx_layer!("Conv", [1, 5, 5] -> [1, 3, 3] { layer: conv2d(1, 3, bias = false) }: basic_conv_without_padding);
onnx_layer!(
    "Conv", [1, 5, 5] -> [1, 3, 3] { layer: conv2d(1, 3, stride = 2, padding = 1, bias = false) }:
    conv_with_autopad_same
);
onnx_layer!(
    "Conv", [1, 7, 5] -> [1, 4, 2] { layer: conv2d(1, 3, stride = 2, padding = (1, 0), bias = false) }:
    conv_with_strides_and_asymmetric_padding
);
onnx_layer!(
    "Conv", [1, 7, 5] -> [1, 3, 2] { layer: conv2d(1, 3, stride = 2, bias = false) }:
    conv_with_strides_no_padding
);
onnx_layer!(
    "Conv", [1, 7, 5] -> [1, 4, 3] { layer: conv2d(1, 3, stride = 2, padding = 1, bias = false) }:
    conv_with_strides_padding
);

// ConvTranspose
onnx_layer!("ConvTranspose", [1, 3, 3] -> [2, 5, 5] { layer: conv_transpose2d(2, 3, bias = false) }: convtranspose);
onnx_layer!("ConvTranspose", [1, 3] -> [2, 5] { layer: conv_transpose1d(2, 3, bias = false) }: convtranspose_1d);
onnx_layer!(
    "ConvTranspose", [1, 3, 3] -> [2, 6, 6] { layer: conv_transpose2d(2, 3, stride = 2, padding = [[0, 1], [0, 1]], bias
        = false) }:
    convtranspose_autopad_same
);
onnx_layer!(
    "ConvTranspose", [1, 3, 3] -> [1, 5, 5] { layer: conv_transpose2d(1, 2, dilation = 2, bias = false) }:
    convtranspose_dilations
);
onnx_layer!(
    "ConvTranspose", [2, 3, 3] -> [2, 5, 5] { layer: conv_transpose2d(2, 3, groups = 2, bias = false) }:
    convtranspose_group_2, convtranspose_group_2_image_3
);
onnx_layer!(
    "ConvTranspose", [1, 3, 3] -> [2, 10, 8] { layer: conv_transpose2d(2, 3, stride = (3, 2), output_padding = 1, bias =
        false) }:
    convtranspose_kernel_shape, convtranspose_output_shape, convtranspose_pad
);
onnx_layer!(
    "ConvTranspose", [1, 3, 3] -> [2, 7, 3] { layer: conv_transpose2d(2, 3, stride = (3, 2), padding = (1, 2), bias =
        false) }:
    convtranspose_pads
);

// DepthToSpace
onnx_layer!(
    "DepthToSpace", [8, 2, 3] -> [2, 4, 6] { reshape([2, 2, 2, 2, 3]), permute([0, 3, 1, 4, 2]), reshape([2, 4, 6]) }:
    depthtospace_crd_mode_example
);
onnx_layer!(
    "DepthToSpace", [8, 2, 3] -> [2, 4, 6] { reshape([2, 2, 2, 2, 3]), permute([2, 3, 0, 4, 1]), reshape([2, 4, 6]) }:
    depthtospace_example
);

// Dropout
onnx_layer!("Dropout", [4, 5] -> [4, 5] { dropout(0.5) }: dropout_default, dropout_default_mask);
onnx_layer!("Dropout", [4, 5] -> [4, 5] { dropout(0.1) }: dropout_default_mask_ratio, dropout_default_ratio);
onnx_layer!("Dropout", [3] -> [3] { dropout(0.5) }: dropout_default_old);
onnx_layer!("Dropout", [4, 5] -> [4, 5] { dropout(0.2) }: dropout_random_old);
onnx_layer!(
    training "Dropout", [4, 5] -> [4, 5] { dropout(0) }:
    training_dropout_zero_ratio, training_dropout_zero_ratio_mask
);

// Elu
onnx_layer!("Elu", [4, 5] -> [4, 5] { elu(alpha = 2) }: elu);
onnx_layer!("Elu", [4, 5] -> [4, 5] { elu }: elu_default);
onnx_layer!("Elu", [3] -> [3] { elu(alpha = 2) }: elu_example);

// Exp
onnx_layer!("Exp", [4, 5] -> [4, 5] { exp }: exp);
onnx_layer!("Exp", [3] -> [3] { exp }: exp_example);

// Flatten
onnx_layer!("Flatten", [2, 3, 4, 5] -> [1, 120] { reshape([1, 120]) }: flatten_axis0, flatten_negative_axis4);
onnx_layer!("Flatten", [3, 4, 5] -> [60] { flatten }: flatten_axis1, flatten_negative_axis3);
onnx_layer!("Flatten", [2, 3, 4, 5] -> [6, 20] { reshape([6, 20]) }: flatten_axis2, flatten_negative_axis2);
onnx_layer!("Flatten", [2, 3, 4, 5] -> [24, 5] { reshape([24, 5]) }: flatten_axis3, flatten_negative_axis1);
onnx_layer!("Flatten", [4, 3, 2] -> [24] { flatten }: flatten_default_axis);

// GRU
onnx_layer!("GRU", [1, 2] -> [1, 6] { layer: gru(6, reset_after = false) }: gru_batchwise);
onnx_layer!("GRU", [1, 2] -> [1, 5] { layer: gru(5, reset_after = false) }: gru_defaults);
onnx_layer!("GRU", [2, 3] -> [5] { layer: gru(5, reset_after = false), last }: gru_seq_length);
onnx_layer!("GRU", [1, 3] -> [1, 3] { layer: gru(3, reset_after = false) }: gru_with_initial_bias);

// Gather
onnx_layer!("Gather", u8 [3] -> [3, 24] { layer: embedding(5, 24) }: gather_0);
onnx_layer!(
    "Gather", u8 [3] -> [5, 3, 6] { layer: embedding(4, 30), transpose, reshape([5, 6, 3]), transpose }:
    gather_1
);
onnx_layer!(
    "Gather", u8 [2] -> [3, 2, 1] { layer: embedding(3, 3), transpose, reshape([3, 1, 2]), transpose }:
    gather_2d_indices
);

// Gelu
onnx_layer!("Gelu", [3] -> [3] { gelu }: gelu_default_1);
onnx_layer!("Gelu", [4, 5] -> [4, 5] { gelu }: gelu_default_2);
onnx_layer!("Gelu", [3] -> [3] { gelu(approximate = tanh) }: gelu_tanh_1);
onnx_layer!("Gelu", [4, 5] -> [4, 5] { gelu(approximate = tanh) }: gelu_tanh_2);

// Gemm
onnx_layer!("Gemm", [4] -> [5] { layer: linear(5) }: gemm_all_attributes);
onnx_layer!("Gemm", [5] -> [4] { layer: linear(4) }: gemm_alpha, gemm_default_zero_bias);
onnx_layer!("Gemm", [7] -> [4] { layer: linear(4) }: gemm_beta, gemm_default_vector_bias);
onnx_layer!("Gemm", [10] -> [3] { layer: linear(3, bias = false) }: gemm_default_no_bias);
onnx_layer!("Gemm", [3] -> [4] { layer: linear(4) }: gemm_default_scalar_bias);
onnx_layer!("Gemm", [7] -> [3] { layer: linear(3) }: gemm_default_single_elem_vector_bias);
onnx_layer!("Gemm", [6] -> [4] { layer: linear(4) }: gemm_transposea, gemm_transposeb);

// GlobalAveragePool
onnx_layer!("GlobalAveragePool", [3, 5, 5] -> [3] { global_avg_pool }: globalaveragepool);
onnx_layer!("GlobalAveragePool", [1, 3, 3] -> [1] { global_avg_pool }: globalaveragepool_precomputed);

// GlobalMaxPool
onnx_layer!("GlobalMaxPool", [3, 5, 5] -> [3] { global_max_pool }: globalmaxpool);
onnx_layer!("GlobalMaxPool", [1, 3, 3] -> [1] { global_max_pool }: globalmaxpool_precomputed);

// GroupNormalization
onnx_layer!(
    "GroupNormalization", [4, 2, 2] -> [4, 2, 2] { layer: group_norm(2, eps = 0.01) }:
    group_normalization_epsilon
);
onnx_layer!("GroupNormalization", [4, 2, 2] -> [4, 2, 2] { layer: group_norm(2) }: group_normalization_example);

// HardSwish
onnx_layer!("HardSwish", [4, 5] -> [4, 5] { hard_swish }: hardswish);

// InstanceNormalization
onnx_layer!("InstanceNormalization", [3, 4, 5] -> [3, 4, 5] { layer: group_norm(3, eps = 0.01) }: instancenorm_epsilon);
onnx_layer!("InstanceNormalization", [2, 1, 3] -> [2, 1, 3] { layer: group_norm(2) }: instancenorm_example);

// LSTM
onnx_layer!("LSTM", [1, 2] -> [1, 7] { layer: lstm(7) }: lstm_batchwise);
onnx_layer!("LSTM", [1, 2] -> [1, 3] { layer: lstm(3) }: lstm_defaults);
onnx_layer!("LSTM", [1, 3] -> [1, 4] { layer: lstm(4) }: lstm_with_initial_bias);

// LayerNormalization
onnx_layer!(
    "LayerNormalization", [3, 4] -> [3, 4] { reshape([12]), layer: layer_norm, reshape([3, 4]) }:
    layer_normalization_2d_axis0, layer_normalization_2d_axis_negative_2
);
onnx_layer!(
    "LayerNormalization", [4] -> [4] { layer: layer_norm }:
    layer_normalization_2d_axis1, layer_normalization_2d_axis_negative_1
);
onnx_layer!(
    "LayerNormalization", [2, 3, 5] -> [2, 3, 5] { reshape([30]), layer: layer_norm(eps = 0.1), reshape([2, 3, 5]) }:
    layer_normalization_3d_axis0_epsilon, layer_normalization_3d_axis_negative_3_epsilon
);
onnx_layer!(
    "LayerNormalization", [3, 5] -> [3, 5] { reshape([15]), layer: layer_norm(eps = 0.1), reshape([3, 5]) }:
    layer_normalization_3d_axis1_epsilon, layer_normalization_3d_axis_negative_2_epsilon
);
onnx_layer!(
    "LayerNormalization", [3, 5] -> [3, 5] { layer: layer_norm(eps = 0.1) }:
    layer_normalization_3d_axis2_epsilon, layer_normalization_3d_axis_negative_1_epsilon
);
onnx_layer!(
    "LayerNormalization", [2, 3, 4, 5] -> [2, 3, 4, 5] { reshape([120]), layer: layer_norm, reshape([2, 3, 4, 5]) }:
    layer_normalization_4d_axis0, layer_normalization_4d_axis_negative_4
);
onnx_layer!(
    "LayerNormalization", [3, 4, 5] -> [3, 4, 5] { reshape([60]), layer: layer_norm, reshape([3, 4, 5]) }:
    layer_normalization_4d_axis1, layer_normalization_4d_axis_negative_3
);
onnx_layer!(
    "LayerNormalization", [3, 4, 5] -> [3, 4, 5] { reshape([3, 20]), layer: layer_norm, reshape([3, 4, 5]) }:
    layer_normalization_4d_axis2, layer_normalization_4d_axis_negative_2
);
onnx_layer!(
    "LayerNormalization", [3, 4, 5] -> [3, 4, 5] { reshape([12, 5]), layer: layer_norm, reshape([3, 4, 5]) }:
    layer_normalization_4d_axis3, layer_normalization_4d_axis_negative_1, layer_normalization_default_axis
);

// LeakyRelu
onnx_layer!("LeakyRelu", [4, 5] -> [4, 5] { leaky_relu(negative_slope = 0.1) }: leakyrelu);
onnx_layer!("LeakyRelu", [4, 5] -> [4, 5] { leaky_relu }: leakyrelu_default);
onnx_layer!("LeakyRelu", [3] -> [3] { leaky_relu(negative_slope = 0.1) }: leakyrelu_example);

// Log
onnx_layer!("Log", [4, 5] -> [4, 5] { log }: log);
onnx_layer!("Log", [2] -> [2] { log }: log_example);

// LogSoftmax
onnx_layer!("LogSoftmax", [3, 4, 5] -> [3, 4, 5] { log_softmax(dim = 0) }: logsoftmax_axis_0);
onnx_layer!("LogSoftmax", [4, 5] -> [4, 5] { log_softmax(dim = 0) }: logsoftmax_axis_1);
onnx_layer!(
    "LogSoftmax", [4, 5] -> [4, 5] { log_softmax }:
    logsoftmax_axis_2, logsoftmax_default_axis, logsoftmax_negative_axis
);
onnx_layer!("LogSoftmax", [3] -> [3] { log_softmax }: logsoftmax_example_1);
onnx_layer!("LogSoftmax", [4] -> [4] { log_softmax }: logsoftmax_large_number);

// LpNormalization
onnx_layer!("LpNormalization", [2] -> [2] { normalize(1) }: l1normalization_axis_0);
onnx_layer!("LpNormalization", [2] -> [2] { normalize(1, dim = 0) }: l1normalization_axis_1);
onnx_layer!("LpNormalization", [2, 3] -> [2, 3] { normalize(1, dim = 1) }: l1normalization_axis_last);
onnx_layer!("LpNormalization", [2, 2, 3] -> [2, 2, 3] { normalize(2) }: l2normalization_axis_0);
onnx_layer!("LpNormalization", [2] -> [2] { normalize(2, dim = 0) }: l2normalization_axis_1);
onnx_layer!("LpNormalization", [2, 3] -> [2, 3] { normalize(2, dim = 1) }: lpnormalization_default);

// MatMul
onnx_layer!("MatMul", [3] -> [1] { layer: linear(1, bias = false) }: matmul_1d_1d, matmul_4d_1d);
onnx_layer!("MatMul", [4] -> [3] { layer: linear(3, bias = false) }: matmul_2d);

// MaxPool
onnx_layer!("MaxPool", [3, 32] -> [3, 31] { max_pool1d(2, stride = 1) }: maxpool_1d_default);
onnx_layer!("MaxPool", [1, 4, 4] -> [1, 2, 2] { max_pool2d(3, stride = 2, ceil_mode = true) }: maxpool_2d_ceil);
onnx_layer!(
    "MaxPool", [1, 2, 2] -> [1, 1, 1] { max_pool2d(1, stride = 2, ceil_mode = true) }:
    maxpool_2d_ceil_output_size_reduce_by_one
);
onnx_layer!("MaxPool", [3, 32, 32] -> [3, 31, 31] { max_pool2d(2, stride = 1) }: maxpool_2d_default);
onnx_layer!("MaxPool", [1, 4, 4] -> [1, 2, 2] { max_pool2d(2, stride = 1, dilation = 2) }: maxpool_2d_dilations);
onnx_layer!(
    "MaxPool", [1, 5, 5] -> [1, 5, 5] { max_pool2d(5, stride = 1, padding = 2) }:
    maxpool_2d_precomputed_pads, maxpool_with_argmax_2d_precomputed_pads
);
onnx_layer!(
    "MaxPool", [1, 5, 5] -> [1, 3, 3] { max_pool2d(3, stride = 2, padding = 1) }:
    maxpool_2d_precomputed_same_upper
);
onnx_layer!(
    "MaxPool", [1, 5, 5] -> [1, 2, 2] { max_pool2d(2) }:
    maxpool_2d_precomputed_strides, maxpool_with_argmax_2d_precomputed_strides
);
onnx_layer!(
    "MaxPool", [3, 32, 32] -> [3, 32, 32] { max_pool2d(2, stride = 1, padding = [[1, 0], [1, 0]]) }:
    maxpool_2d_same_lower
);
onnx_layer!(
    "MaxPool", [3, 32, 32] -> [3, 32, 32] { max_pool2d(2, stride = 1, padding = [[0, 1], [0, 1]]) }:
    maxpool_2d_same_upper
);
onnx_layer!("MaxPool", [3, 32, 32] -> [3, 10, 10] { max_pool2d(5, stride = 3) }: maxpool_2d_strides);

// Mish
onnx_layer!("Mish", [10000] -> [10000] { mish }: mish);

// Momentum
onnx_optimizer!("Momentum", Sgd::new(0.1).momentum(0.95).weight_decay(0.001), step 1, 2 parameters: momentum);
onnx_optimizer!("Momentum", Sgd::new(0.1).momentum(0.95).weight_decay(0.001), step 1, 3 parameters: momentum_multiple);
onnx_optimizer!(
    "Momentum", Sgd::new(0.1).momentum(0.95).weight_decay(0.01).nesterov(true), step 1, 2 parameters:
    nesterov_momentum
);

// Mul
onnx_layer!(
    "Mul", [120] -> [3, 4, 5] { mul { [narrow(0, 0, 60), reshape([3, 4, 5])], [narrow(0, 60, 60), reshape([3, 4, 5])] }
        }:
    mul
);
onnx_layer!(
    "Mul", [65] -> [3, 4, 5] { mul { [narrow(0, 0, 60), reshape([3, 4, 5])], [narrow(0, 60, 5), reshape([1, 1, 5])] } }:
    mul_bcast
);
onnx_layer!(
    "Mul", [6] -> [3] { mul { [narrow(0, 0, 3), reshape([3])], [narrow(0, 3, 3), reshape([3])] } }:
    mul_example
);

// NegativeLogLikelihoodLoss
onnx_losses!(
    "NegativeLogLikelihoodLoss", Nll, None:
    nllloss_nc, nllloss_ncd1d2, nllloss_ncd1d2_with_weight, nllloss_ncd1d2d3_none_no_weight_negative_ii,
    nllloss_ncd1d2d3d4d5_none_no_weight
);
onnx_losses!(
    "NegativeLogLikelihoodLoss", Nll, Mean:
    nllloss_ncd1, nllloss_ncd1_ii, nllloss_ncd1_mean_weight_negative_ii, nllloss_ncd1_weight,
    nllloss_ncd1_weight_ii, nllloss_ncd1d2_no_weight_reduction_mean_ii, nllloss_ncd1d2_reduction_mean,
    nllloss_ncd1d2_with_weight_reduction_mean, nllloss_ncd1d2d3d4d5_mean_weight
);
onnx_losses!(
    "NegativeLogLikelihoodLoss", Nll, Sum:
    nllloss_ncd1d2_reduction_sum, nllloss_ncd1d2_with_weight_reduction_sum,
    nllloss_ncd1d2_with_weight_reduction_sum_ii, nllloss_ncd1d2d3_sum_weight_high_ii
);

// PRelu
onnx_layer!("PRelu", [4, 5] -> [4, 5] { transpose, layer: prelu(5), transpose }: prelu_broadcast);
onnx_layer!("PRelu", [3, 4, 5] -> [3, 4, 5] { reshape([60]), layer: prelu(60), reshape([3, 4, 5]) }: prelu_example);

// Pad
onnx_layer!("Pad", [3, 4, 5] -> [3, 7, 12] { pad([[0, 0], [1, 2], [3, 4]], value = 1.2) }: constant_pad);
onnx_layer!(
    "Pad", [3, 4, 5] -> [3, 4, 12] { pad([[0, 0], [0, 0], [3, 4]], value = 1.2) }:
    constant_pad_axes, constant_pad_negative_axes
);
onnx_layer!("Pad", [3, 4, 5] -> [3, 6, 7] { pad([[0, 0], [1, 1], [1, 1]], mode = replicate) }: edge_pad);
onnx_layer!("Pad", [3, 4, 5] -> [3, 6, 7] { pad([[0, 0], [1, 1], [1, 1]], mode = reflect) }: reflect_pad);

// RMSNormalization
onnx_layer!(
    "RMSNormalization", [3, 4] -> [3, 4] { reshape([12]), layer: rms_norm(eps = 1e-05), reshape([3, 4]) }:
    rms_normalization_2d_axis0, rms_normalization_2d_axis_negative_2
);
onnx_layer!(
    "RMSNormalization", [4] -> [4] { layer: rms_norm(eps = 1e-05) }:
    rms_normalization_2d_axis1, rms_normalization_2d_axis_negative_1
);
onnx_layer!(
    "RMSNormalization", [2, 3, 5] -> [2, 3, 5] { reshape([30]), layer: rms_norm(eps = 0.1), reshape([2, 3, 5]) }:
    rms_normalization_3d_axis0_epsilon, rms_normalization_3d_axis_negative_3_epsilon
);
onnx_layer!(
    "RMSNormalization", [3, 5] -> [3, 5] { reshape([15]), layer: rms_norm(eps = 0.1), reshape([3, 5]) }:
    rms_normalization_3d_axis1_epsilon, rms_normalization_3d_axis_negative_2_epsilon
);
onnx_layer!(
    "RMSNormalization", [3, 5] -> [3, 5] { layer: rms_norm(eps = 0.1) }:
    rms_normalization_3d_axis2_epsilon, rms_normalization_3d_axis_negative_1_epsilon
);
onnx_layer!(
    "RMSNormalization", [2, 3, 4, 5] -> [2, 3, 4, 5] { reshape([120]), layer: rms_norm(eps = 1e-05), reshape([2, 3, 4,
        5]) }:
    rms_normalization_4d_axis0, rms_normalization_4d_axis_negative_4
);
onnx_layer!(
    "RMSNormalization", [3, 4, 5] -> [3, 4, 5] { reshape([60]), layer: rms_norm(eps = 1e-05), reshape([3, 4, 5]) }:
    rms_normalization_4d_axis1, rms_normalization_4d_axis_negative_3
);
onnx_layer!(
    "RMSNormalization", [3, 4, 5] -> [3, 4, 5] { reshape([3, 20]), layer: rms_norm(eps = 1e-05), reshape([3, 4, 5]) }:
    rms_normalization_4d_axis2, rms_normalization_4d_axis_negative_2
);
onnx_layer!(
    "RMSNormalization", [3, 4, 5] -> [3, 4, 5] { reshape([12, 5]), layer: rms_norm(eps = 1e-05), reshape([3, 4, 5]) }:
    rms_normalization_4d_axis3, rms_normalization_4d_axis_negative_1, rms_normalization_default_axis
);

// RNN
onnx_layer!("RNN", [2, 3] -> [5] { layer: rnn(5), last }: rnn_seq_length);
onnx_layer!("RNN", [1, 2] -> [1, 4] { layer: rnn(4) }: simple_rnn_batchwise, simple_rnn_defaults);
onnx_layer!("RNN", [1, 3] -> [1, 5] { layer: rnn(5) }: simple_rnn_with_initial_bias);

// Relu
onnx_layer!("Relu", [4, 5] -> [4, 5] { relu }: relu);

// Reshape
onnx_layer!("Reshape", [2, 3, 4] -> [2, 3, 2, 2] { reshape([2, 3, 2, 2]) }: reshape_extended_dims);
onnx_layer!("Reshape", [2, 3, 4] -> [2, 6, 2] { reshape([2, 6, 2]) }: reshape_negative_dim);
onnx_layer!("Reshape", [2, 3, 4] -> [1, 2, 3, 4] { reshape([1, 2, 3, 4]) }: reshape_negative_extended_dims);
onnx_layer!("Reshape", [2, 3, 4] -> [24] { reshape([24]) }: reshape_one_dim);
onnx_layer!("Reshape", [2, 3, 4] -> [2, 12] { reshape([2, 12]) }: reshape_reduced_dims);
onnx_layer!("Reshape", [2, 3, 4] -> [4, 2, 3] { reshape([4, 2, 3]) }: reshape_reordered_all_dims);
onnx_layer!("Reshape", [2, 3, 4] -> [2, 4, 3] { reshape([2, 4, 3]) }: reshape_reordered_last_dims);
onnx_layer!("Reshape", [2, 3, 4] -> [2, 3, 1, 4] { reshape([2, 3, 1, 4]) }: reshape_zero_and_negative_dim);
onnx_layer!("Reshape", [2, 3, 4] -> [2, 3, 4, 1] { reshape([2, 3, 4, 1]) }: reshape_zero_dim);

// Resize
onnx_layer!("Resize", [1, 2, 2] -> [1, 4, 4] { upsample(2, mode = bilinear) }: resize_upsample_scales_linear);
onnx_layer!(
    "Resize", [1, 2, 2] -> [1, 4, 4] { upsample(2, mode = bilinear, align_corners = true) }:
    resize_upsample_scales_linear_align_corners
);
onnx_layer!(
    "Resize", [1, 2, 2] -> [1, 4, 6] { upsample((2, 3)) }:
    resize_upsample_scales_nearest, resize_upsample_scales_nearest_axes_2_3,
    resize_upsample_scales_nearest_axes_3_2
);
onnx_layer!("Resize", [1, 2, 2] -> [1, 8, 8] { upsample(4) }: resize_upsample_sizes_nearest_not_smaller);

// Selu
onnx_layer!("Selu", [4, 5] -> [4, 5] { selu }: selu_default);

// Sigmoid
onnx_layer!("Sigmoid", [4, 5] -> [4, 5] { sigmoid }: sigmoid);
onnx_layer!("Sigmoid", [3] -> [3] { sigmoid }: sigmoid_example);

// Slice
onnx_layer!("Slice", [20, 10, 5] -> [3, 10, 5] { narrow(0, 0, 3), narrow(1, 0, 10) }: slice);
onnx_layer!(
    "Slice", [20, 10, 5] -> [20, 10, 1] { narrow(0, 0, 20), narrow(1, 0, 10), narrow(2, 3, 1) }:
    slice_default_axes, slice_default_steps, slice_negative_axes
);
onnx_layer!("Slice", [20, 10, 5] -> [20, 9, 5] { narrow(1, 1, 9) }: slice_end_out_of_bounds);
onnx_layer!("Slice", [20, 10, 5] -> [20, 9, 5] { narrow(1, 0, 9) }: slice_neg);

// Softmax
onnx_layer!("Softmax", [3, 4, 5] -> [3, 4, 5] { softmax(dim = 0) }: softmax_axis_0);
onnx_layer!("Softmax", [4, 5] -> [4, 5] { softmax(dim = 0) }: softmax_axis_1);
onnx_layer!("Softmax", [4, 5] -> [4, 5] { softmax }: softmax_axis_2, softmax_default_axis, softmax_negative_axis);
onnx_layer!("Softmax", [3] -> [3] { softmax }: softmax_example);
onnx_layer!("Softmax", [4] -> [4] { softmax }: softmax_large_number);

// SoftmaxCrossEntropyLoss
onnx_losses!(
    "SoftmaxCrossEntropyLoss", CrossEntropy, Mean:
    sce_ncd1_mean_weight_negative_ii, sce_ncd1_mean_weight_negative_ii_log_prob, sce_ncd1d2d3d4d5_mean_weight,
    sce_ncd1d2d3d4d5_mean_weight_log_prob, sce_mean, sce_mean_3d, sce_mean_3d_log_prob, sce_mean_log_prob,
    sce_mean_no_weight_ii, sce_mean_no_weight_ii_3d, sce_mean_no_weight_ii_3d_log_prob,
    sce_mean_no_weight_ii_4d, sce_mean_no_weight_ii_4d_log_prob, sce_mean_no_weight_ii_log_prob,
    sce_mean_weight, sce_mean_weight_ii, sce_mean_weight_ii_3d, sce_mean_weight_ii_3d_log_prob,
    sce_mean_weight_ii_4d, sce_mean_weight_ii_4d_log_prob, sce_mean_weight_ii_log_prob, sce_mean_weight_log_prob
);
onnx_losses!(
    "SoftmaxCrossEntropyLoss", CrossEntropy, None:
    sce_ncd1d2d3_none_no_weight_negative_ii, sce_ncd1d2d3_none_no_weight_negative_ii_log_prob,
    sce_ncd1d2d3d4d5_none_no_weight, sce_ncd1d2d3d4d5_none_no_weight_log_prob, sce_none, sce_none_log_prob,
    sce_none_weights, sce_none_weights_log_prob
);
onnx_losses!(
    "SoftmaxCrossEntropyLoss", CrossEntropy, Sum:
    sce_ncd1d2d3_sum_weight_high_ii, sce_ncd1d2d3_sum_weight_high_ii_log_prob, sce_sum, sce_sum_log_prob
);

// Softplus
onnx_layer!("Softplus", [4, 5] -> [4, 5] { softplus }: softplus);
onnx_layer!("Softplus", [3] -> [3] { softplus }: softplus_example);

// Softsign
onnx_layer!("Softsign", [4, 5] -> [4, 5] { softsign }: softsign);
onnx_layer!("Softsign", [3] -> [3] { softsign }: softsign_example);

// SpaceToDepth
onnx_layer!(
    "SpaceToDepth", [2, 6, 6] -> [8, 3, 3] { reshape([2, 3, 2, 3, 2]), permute([2, 4, 0, 1, 3]), reshape([8, 3, 3]) }:
    spacetodepth
);
onnx_layer!(
    "SpaceToDepth", [1, 4, 6] -> [4, 2, 3] { reshape([1, 2, 2, 3, 2]), permute([2, 4, 0, 1, 3]), reshape([4, 2, 3]) }:
    spacetodepth_example
);

// Sqrt
onnx_layer!("Sqrt", [4, 5] -> [4, 5] { sqrt }: sqrt);
onnx_layer!("Sqrt", [3] -> [3] { sqrt }: sqrt_example);

// Squeeze
onnx_layer!("Squeeze", [1, 3, 4, 5] -> [3, 4, 5] { reshape([3, 4, 5]) }: squeeze);
onnx_layer!("Squeeze", [1, 3, 1, 5] -> [1, 3, 5] { reshape([1, 3, 5]) }: squeeze_negative_axes);

// Sub
onnx_layer!(
    "Sub", [120] -> [3, 4, 5] { sub { [narrow(0, 0, 60), reshape([3, 4, 5])], [narrow(0, 60, 60), reshape([3, 4, 5])] }
        }:
    sub
);
onnx_layer!(
    "Sub", [65] -> [3, 4, 5] { sub { [narrow(0, 0, 60), reshape([3, 4, 5])], [narrow(0, 60, 5), reshape([1, 1, 5])] } }:
    sub_bcast
);
onnx_layer!(
    "Sub", [6] -> [3] { sub { [narrow(0, 0, 3), reshape([3])], [narrow(0, 3, 3), reshape([3])] } }:
    sub_example
);

// Sum
onnx_layer!(
    "Sum", [9] -> [3] { add { [narrow(0, 0, 3), reshape([3])], [narrow(0, 3, 3), reshape([3])], [narrow(0, 6, 3),
        reshape([3])] } }:
    sum_example
);
onnx_layer!(
    "Sum", [6] -> [3] { add { [narrow(0, 0, 3), reshape([3])], [narrow(0, 3, 3), reshape([3])] } }:
    sum_two_inputs
);

// Swish
onnx_layer!("Swish", [3] -> [3] { silu }: swish);

// Tanh
onnx_layer!("Tanh", [4, 5] -> [4, 5] { tanh }: tanh);
onnx_layer!("Tanh", [3] -> [3] { tanh }: tanh_example);

// Transpose
onnx_layer!("Transpose", [2, 3, 4] -> [2, 3, 4] { permute([0, 1, 2]) }: transpose_all_permutations_0);
onnx_layer!("Transpose", [2, 3, 4] -> [2, 4, 3] { permute([0, 2, 1]) }: transpose_all_permutations_1);
onnx_layer!("Transpose", [2, 3, 4] -> [3, 2, 4] { permute([1, 0, 2]) }: transpose_all_permutations_2);
onnx_layer!("Transpose", [2, 3, 4] -> [3, 4, 2] { permute([1, 2, 0]) }: transpose_all_permutations_3);
onnx_layer!("Transpose", [2, 3, 4] -> [4, 2, 3] { permute([2, 0, 1]) }: transpose_all_permutations_4);
onnx_layer!(
    "Transpose", [2, 3, 4] -> [4, 3, 2] { permute([2, 1, 0]) }:
    transpose_all_permutations_5, transpose_default
);

// Unsqueeze
onnx_layer!("Unsqueeze", [3, 4, 5] -> [1, 3, 4, 5] { reshape([1, 3, 4, 5]) }: unsqueeze_axis_0);
onnx_layer!("Unsqueeze", [3, 4, 5] -> [3, 1, 4, 5] { reshape([3, 1, 4, 5]) }: unsqueeze_axis_1);
onnx_layer!("Unsqueeze", [3, 4, 5] -> [3, 4, 1, 5] { reshape([3, 4, 1, 5]) }: unsqueeze_axis_2);
onnx_layer!("Unsqueeze", [1, 3, 1, 5] -> [1, 3, 1, 1, 5] { reshape([1, 3, 1, 1, 5]) }: unsqueeze_negative_axes);
onnx_layer!(
    "Unsqueeze", [3, 4, 5] -> [3, 4, 1, 5, 1, 1] { reshape([3, 4, 1, 5, 1, 1]) }:
    unsqueeze_three_axes, unsqueeze_unsorted_axes
);
onnx_layer!("Unsqueeze", [3, 4, 5] -> [3, 1, 4, 5, 1] { reshape([3, 1, 4, 5, 1]) }: unsqueeze_two_axes);

// Upsample
onnx_layer!("Upsample", [1, 2, 2] -> [1, 4, 6] { upsample((2, 3)) }: upsample_nearest);
