"""JAX on one thread: `jit`, a Python call a step, and `scan`, many steps in one compiled loop, so that Python costs nothing.

`jax_.py jit|scan DIR MILLISECONDS WORKLOAD..`
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import exchange

import jax
import jax.numpy as jnp
import optax
from jax import lax

# steps of one call of `scan`: of inference, of training
INFERENCES, UPDATES = 1024, 64


def load(work):
    """The weights; matrices the other way round, as JAX programs have them, so that no step transposes them."""
    turned = lambda value: value.T.copy() if value.ndim == 2 else value
    return {name: jnp.asarray(turned(value)) for name, value in work.weights().items()}


def dense(weights, name, x):
    return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def tiny(w, x):
    return jax.nn.sigmoid(dense(w, "out", jnp.tanh(dense(w, "hidden", x))))


def simplechains(w, x):
    return dense(w, "out", jnp.tanh(dense(w, "fc2", jnp.tanh(dense(w, "fc1", x)))))


def mlp(w, x):
    return dense(w, "out", jax.nn.relu(dense(w, "fc2", jax.nn.relu(dense(w, "fc1", x)))))


def convolution(w, name, x):
    # channels last: XLA's CPU convolutions are several times slower with channels first
    kernel = w[f"{name}.weight"].transpose(2, 3, 1, 0)
    x = lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    x = jax.nn.relu(x + w[f"{name}.bias"])
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def lenet(w, x):
    x = convolution(w, "conv2", convolution(w, "conv1", x.reshape(-1, 28, 28, 1)))
    x = x.transpose(0, 3, 1, 2).reshape(x.shape[0], 256)
    return mlp(w, x)


def lstm(w, state, x):
    hidden, cell = state
    gates = x @ w["rnn.weight_ih_l0"] + hidden @ w["rnn.weight_hh_l0"] + (w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"])
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
    hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
    return (hidden, cell), hidden


def gru(w, state, x):
    r, z, n = jnp.split(x @ w["rnn.weight_ih_l0"] + w["rnn.bias_ih_l0"], 3, axis=-1)
    hr, hz, hn = jnp.split(state @ w["rnn.weight_hh_l0"] + w["rnn.bias_hh_l0"], 3, axis=-1)
    n = jnp.tanh(n + jax.nn.sigmoid(r + hr) * hn)
    z = jax.nn.sigmoid(z + hz)
    state = (1 - z) * n + z * state
    return state, state


def zeros(w, network, *shape):
    zero = jnp.zeros((*shape, w["rnn.weight_hh_l0"].shape[0]))
    return zero if network == "gru16" else (zero, zero)


def recurrent(network):
    cell = gru if network == "gru16" else lstm

    def forward(w, x):
        _, hidden = lax.scan(lambda state, x: cell(w, state, x), zeros(w, network, x.shape[0]), x.swapaxes(0, 1))
        return dense(w, "head", hidden).swapaxes(0, 1)

    return forward


def layer_norm(w, name, x):
    mean = x.mean(-1, keepdims=True)
    variance = jnp.square(x - mean).mean(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(variance + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]


def encoder(w, x):
    qkv = x @ w["self_attn.in_proj_weight"] + w["self_attn.in_proj_bias"]
    q, k, v = (part.reshape(-1, 16, 4, 8) for part in jnp.split(qkv, 3, axis=-1))
    weights = jax.nn.softmax(jnp.einsum("bihd,bjhd->bhij", q, k) / jnp.sqrt(8.0))
    context = jnp.einsum("bhij,bjhd->bihd", weights, v).reshape(x.shape)
    x = layer_norm(w, "norm1", x + dense(w, "self_attn.out_proj", context))
    return layer_norm(w, "norm2", x + dense(w, "linear2", jax.nn.relu(dense(w, "linear1", x))))


FORWARD = {"tiny": tiny, "simplechains": simplechains, "mlp": mlp, "lenet": lenet, "encoder": encoder, "regression": mlp}
SHAPES = {"encoder": (16, 32)}


def inference(work, variant, milliseconds):
    """Outputs of samples one by one, or of the steps of a stream."""
    w = load(work)
    if work.is_recurrent:
        cell = gru if work.network == "gru16" else lstm
        inputs, state = jnp.asarray(work.inputs((1,))), zeros(w, work.network)

        def step(w, state, x):
            state, hidden = cell(w, state, x)
            return state, dense(w, "head", hidden)
    else:
        shape = SHAPES.get(work.network, (exchange.SIZES[work.network][0],))
        inputs, state = jnp.asarray(work.inputs((1, *shape))), ()

        def step(w, state, x):
            return state, FORWARD[work.network](w, x)

    jitted = jax.jit(step)
    outputs = []
    for x in inputs:
        state, output = jitted(w, state, x)
        outputs.append(output)
    work.check(jnp.stack(outputs), variant)

    if variant == "jit":
        rows, position = list(inputs), 0

        def call():
            nonlocal state, position
            state, output = jitted(w, state, rows[position])
            position = (position + 1) % len(rows)
            jax.block_until_ready(output)

        return work.time("jax-jit", milliseconds, call)

    @jax.jit
    def many(w, state, inputs):
        return lax.scan(lambda state, i: step(w, state, inputs[i % len(inputs)]), state, jnp.arange(INFERENCES))

    work.time("jax-scan", milliseconds, lambda: jax.block_until_ready(many(w, state, inputs)), INFERENCES)


def training(work, variant, milliseconds):
    """Steps of forward, loss, backward and optimizer; parameters and state are donated, so updated in place."""
    shape = SHAPES.get(work.network, (exchange.STEPS, 1) if work.is_recurrent else (exchange.SIZES[work.network][0],))
    inputs, targets = (jnp.asarray(values) for values in work.batches(shape))
    forward = recurrent(work.network) if work.is_recurrent else FORWARD[work.network]
    make = optax.sgd if work.name == "tiny-sgd" else optax.adam
    checked, timed = make(work.rate()), make(exchange.TIMED_RATE)

    def loss(w, x, y):
        output = forward(w, x)
        if work.is_classification:
            return optax.softmax_cross_entropy_with_integer_labels(output, y).mean()
        return jnp.square(output - y).mean()

    def step(optimizer, carried, x, y):
        w, state = carried
        value, gradient = jax.value_and_grad(loss)(w, x, y)
        updates, state = optimizer.update(gradient, state, w)
        return (optax.apply_updates(w, updates), state), value

    w = load(work)
    carried = w, checked.init(w)
    jitted = jax.jit(step, static_argnums=0, donate_argnums=1)
    losses = []
    for i in range(exchange.CHECKED_STEPS):
        carried, value = jitted(checked, carried, inputs[i % len(inputs)], targets[i % len(inputs)])
        losses.append(value)
    work.check(jnp.stack(losses), variant)

    if variant == "jit":
        batches, position = list(zip(inputs, targets)), 0

        def call():
            nonlocal carried, position
            carried, value = jitted(timed, carried, *batches[position])
            position = (position + 1) % len(batches)
            jax.block_until_ready(value)

        return work.time("jax-jit", milliseconds, call)

    updates = 4 if work.network in ("lenet", "simplechains") else UPDATES

    @jax.jit
    def many(carried, inputs, targets):
        one = lambda carried, i: step(timed, carried, inputs[i % len(inputs)], targets[i % len(inputs)])
        return lax.scan(one, carried, jnp.arange(updates))

    work.time("jax-scan", milliseconds, lambda: jax.block_until_ready(many(carried, inputs, targets)), updates)


def program(work, variant, milliseconds):
    (training if work.batch else inference)(work, variant, milliseconds)


exchange.run(("jit", "scan"), program)
