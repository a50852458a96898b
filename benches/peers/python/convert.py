"""Writes LiteRT's models, with the exported weights, by way of Keras. `convert.py EXCHANGE MODELS`."""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import exchange

import numpy as np
import tensorflow as tf


def dense(w, name, activation=None):
    def layer(x):
        x = tf.linalg.matmul(x, tf.constant(w[f"{name}.weight"].T)) + w[f"{name}.bias"]
        return activation(x) if activation else x

    return layer


def convolution(w, name, x):
    x = tf.nn.conv2d(x, tf.constant(w[f"{name}.weight"].transpose(2, 3, 1, 0)), 1, "VALID") + w[f"{name}.bias"]
    return tf.nn.max_pool2d(tf.nn.relu(x), 2, 2, "VALID")


def tiny(w, x):
    return dense(w, "out", tf.sigmoid)(dense(w, "hidden", tf.tanh)(x))


def perceptron(w, x):
    return dense(w, "out")(dense(w, "fc2", tf.nn.relu)(dense(w, "fc1", tf.nn.relu)(x)))


def lenet(w, x):
    x = convolution(w, "conv2", convolution(w, "conv1", tf.reshape(x, (1, 28, 28, 1))))
    # channels last: the first dense layer's columns are put in that order instead of its input
    w = w | {"fc1.weight": w["fc1.weight"].reshape(120, 16, 16).transpose(0, 2, 1).reshape(120, 256)}
    return perceptron(w, tf.reshape(x, (1, 256)))


def lstm(w, x, hidden, cell):
    gates = dense({"g.weight": w["rnn.weight_ih_l0"], "g.bias": w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"]}, "g")(x)
    i, f, g, o = tf.split(gates + hidden @ w["rnn.weight_hh_l0"].T, 4, axis=-1)
    cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
    hidden = tf.sigmoid(o) * tf.tanh(cell)
    return dense(w, "head")(hidden), hidden, cell


def gru(w, x, state):
    r, z, n = tf.split(dense({"g.weight": w["rnn.weight_ih_l0"], "g.bias": w["rnn.bias_ih_l0"]}, "g")(x), 3, axis=-1)
    hr, hz, hn = tf.split(dense({"g.weight": w["rnn.weight_hh_l0"], "g.bias": w["rnn.bias_hh_l0"]}, "g")(state), 3, axis=-1)
    n, z = tf.tanh(n + tf.sigmoid(r + hr) * hn), tf.sigmoid(z + hz)
    state = n + z * (state - n)
    return dense(w, "head")(state), state


def layer_norm(w, name, x):
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]


def encoder(w, x):
    heads = lambda part: tf.transpose(tf.reshape(part, (16, 4, 8)), (1, 0, 2))
    q, k, v = (heads(part) for part in tf.split(dense(w | {
        "in.weight": w["self_attn.in_proj_weight"], "in.bias": w["self_attn.in_proj_bias"]}, "in")(x), 3, axis=-1))
    weights = tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * np.float32(8**-0.5))
    context = tf.reshape(tf.transpose(tf.matmul(weights, v), (1, 0, 2)), (16, 32))
    x = layer_norm(w, "norm1", x + dense(w, "self_attn.out_proj")(context))
    return layer_norm(w, "norm2", x + dense(w, "linear2")(dense(w, "linear1", tf.nn.relu)(x)))


# what computes it, and the shapes of its inputs: of the sample, then of the state
MODELS = {
    "tiny": (tiny, (1, 2)), "mlp": (perceptron, (1, 784)), "lenet": (lenet, (1, 784)), "regression": (perceptron, (1, 6)),
    "encoder": (encoder, (16, 32)), "lstm16": (lstm, (1, 1), (1, 16), (1, 16)), "gru16": (gru, (1, 1), (1, 16)),
    "lstm64": (lstm, (1, 1), (1, 64), (1, 64)),
}

for name, (function, *shapes) in MODELS.items():
    weights = exchange.Work(sys.argv[1], name).weights()
    # names keep the inputs in order
    specs = [tf.TensorSpec(shape, tf.float32, name=f"input{i}") for i, shape in enumerate(shapes)]
    concrete = tf.function(lambda *inputs: function(weights, *inputs)).get_concrete_function(*specs)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    (Path(sys.argv[2]) / f"{name}.tflite").write_bytes(converter.convert())
