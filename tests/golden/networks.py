"""Whole networks: outputs, every gradient, and ten training steps. What is large is compared by its digest."""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

from attention import Attention
from case import Case, digest, pattern, random, uniform
from layers import Each, Graph, Residual, network
from recurrent import GruByHand, Lstm
from sequence import Mean, PositionalEmbedding

ROWS = 3
STEPS = 10


def lenet():
    return network(
        conv1=nn.Conv2d(1, 6, 5),
        relu1=nn.ReLU(),
        max_pool2d1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(6, 16, 5),
        relu2=nn.ReLU(),
        max_pool2d2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        fc1=nn.Linear(256, 120),
        relu3=nn.ReLU(),
        fc2=nn.Linear(120, 84),
        relu4=nn.ReLU(),
        out=nn.Linear(84, 10),
    )


def resnet():
    return network(
        conv=nn.Conv2d(3, 4, 3, padding=1, bias=False),
        norm=nn.BatchNorm2d(4),
        relu1=nn.ReLU(),
        block=Residual(
            conv1=nn.Conv2d(4, 4, 3, padding=1, bias=False),
            norm1=nn.BatchNorm2d(4),
            relu=nn.ReLU(),
            conv2=nn.Conv2d(4, 4, 3, padding=1, bias=False),
            norm2=nn.BatchNorm2d(4),
        ),
        relu2=nn.ReLU(),
        global_avg_pool1=nn.AdaptiveAvgPool2d(1),
        flatten=nn.Flatten(),
        out=nn.Linear(4, 5),
    )


def lstm_classifier():
    return network(
        table=nn.Embedding(11, 4),
        lstm=Lstm(4, 5, bidirectional=True),
        mean1=Mean(),
        out=nn.Linear(10, 3),
    )


def transformer():
    def block(heads):
        return {
            "attention": Residual(norm=nn.LayerNorm(8), attn=Attention(8, heads, causal=True)),
            "mlp": Residual(norm=nn.LayerNorm(8), fc1=nn.Linear(8, 16), gelu=nn.GELU(), fc2=nn.Linear(16, 8)),
        }

    first, second = block(2), block(4)
    return network(
        token=nn.Embedding(11, 8),
        position=PositionalEmbedding(6, 8),
        attention1=first["attention"],
        mlp1=first["mlp"],
        attention2=second["attention"],
        mlp2=second["mlp"],
        norm=nn.LayerNorm(8),
        out=nn.Linear(8, 11),
    )


def autoencoder():
    return network(
        conv1=nn.Conv2d(1, 4, 3, stride=2, padding=1),
        relu1=nn.ReLU(),
        conv2=nn.Conv2d(4, 6, 3, stride=2, padding=1),
        relu2=nn.ReLU(),
        flatten=nn.Flatten(),
        code=nn.Linear(24, 5),
        fc=nn.Linear(5, 24),
        image=nn.Unflatten(1, (6, 2, 2)),
        up1=nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1),
        relu3=nn.ReLU(),
        up2=nn.ConvTranspose2d(4, 1, 4, stride=2, padding=1),
        sigmoid=nn.Sigmoid(),
    )


def unet():
    def apply(net, x):
        skip1 = F.relu(net.down1(x))
        skip2 = F.relu(net.down2(F.max_pool2d(skip1, 2)))
        bottom = F.relu(net.bottom(F.max_pool2d(skip2, 2)))
        x = F.relu(net.merge2(torch.cat([skip2, net.up2(bottom)], 1)))
        return net.out(torch.cat([skip1, net.up1(x)], 1))

    return Graph(
        apply,
        down1=nn.Conv2d(2, 4, 3, padding=1),
        down2=nn.Conv2d(4, 6, 3, padding=1),
        bottom=nn.Conv2d(6, 8, 3, padding=1),
        up2=nn.ConvTranspose2d(8, 6, 2, stride=2),
        merge2=nn.Conv2d(12, 6, 3, padding=1),
        up1=nn.ConvTranspose2d(6, 4, 2, stride=2),
        out=nn.Conv2d(8, 3, 1),
    )


def densenet():
    def apply(net, x):
        x = net.conv0(x)
        for norm, conv in [(net.norm1, net.conv1), (net.norm2, net.conv2), (net.norm3, net.conv3)]:
            x = torch.cat([x, conv(F.relu(norm(x)))], 1)
        return net.out(x.mean((2, 3)))

    return Graph(
        apply,
        conv0=nn.Conv2d(3, 4, 3, padding=1),
        norm1=nn.BatchNorm2d(4),
        conv1=nn.Conv2d(4, 3, 3, padding=1),
        norm2=nn.BatchNorm2d(7),
        conv2=nn.Conv2d(7, 3, 3, padding=1),
        norm3=nn.BatchNorm2d(10),
        conv3=nn.Conv2d(10, 3, 3, padding=1),
        out=nn.Linear(13, 5),
    )


def wavenet():
    """Gated activations, and the sum of the skips of all blocks."""

    def causal(conv, x):
        return conv(F.pad(x, ((conv.kernel_size[0] - 1) * conv.dilation[0], 0)))

    def apply(net, x):
        x, skips = net.front(x), []
        for gated, skip, back in [(net.z1, net.skip1, net.back1), (net.z2, net.skip2, net.back2), (net.z3, net.skip3, None)]:
            z = causal(gated.filter, x).tanh() * causal(gated.gate, x).sigmoid()
            skips.append(skip(z))
            x = x + back(z) if back else x
        return net.out(F.relu(net.mix(F.relu(sum(skips)))))

    def gated(dilation):
        convolution = lambda: nn.Conv1d(4, 4, 2, dilation=dilation)
        return nn.ModuleDict({"filter": convolution(), "gate": convolution()})

    return Graph(
        apply,
        front=nn.Conv1d(1, 4, 1),
        z1=gated(1),
        skip1=nn.Conv1d(4, 3, 1),
        back1=nn.Conv1d(4, 4, 1),
        z2=gated(2),
        skip2=nn.Conv1d(4, 3, 1),
        back2=nn.Conv1d(4, 4, 1),
        z3=gated(4),
        skip3=nn.Conv1d(4, 3, 1),
        mix=nn.Conv1d(3, 3, 1),
        out=nn.Conv1d(3, 1, 1),
    )


def squeeze_and_excitation():
    def apply(net, x):
        x = F.relu(net.conv(x))
        scale = net.excite(F.relu(net.squeeze(x.mean((2, 3))))).sigmoid()
        x = x * scale[:, :, None, None]
        return net.out((x - x.amax((2, 3), keepdim=True)).mean((2, 3)))

    return Graph(
        apply,
        conv=nn.Conv2d(3, 4, 3, padding=1),
        squeeze=nn.Linear(4, 2),
        excite=nn.Linear(2, 4),
        out=nn.Linear(4, 5),
    )


def video():
    """A convolution of each image, and a memory over all of them."""

    def apply(net, x):
        return net.out(net.memory(net.frames(x))[0][:, -1])

    frames = {"conv": nn.Conv2d(2, 3, 3), "relu": nn.ReLU(), "flatten": nn.Flatten(), "fc": nn.Linear(36, 4), "tanh": nn.Tanh()}
    return Graph(apply, frames=Each(OrderedDict(frames)), memory=nn.GRU(4, 6, batch_first=True), out=nn.Linear(6, 3))


def towers():
    """Two halves of the input through one network, and the product of what it makes of them, of length 1."""

    def apply(net, x):
        one, other = [F.normalize(net.both(half), dim=1) for half in x.chunk(2, 1)]
        return net.out(one * other)

    both = {"fc1": nn.Linear(5, 7), "relu": nn.ReLU(), "fc2": nn.Linear(7, 3)}
    return Graph(apply, both=nn.Sequential(OrderedDict(both)), out=nn.Linear(3, 2))


def pilot():
    """An image, numbers and a category to a number and a class."""

    def apply(net, image, speed, station):
        seen = net.seen(F.relu(net.conv(image)).flatten(1))
        trunk = F.relu(net.hidden(torch.cat([seen, speed, net.table(station).flatten(1)], 1)))
        return {"steering": net.steer(trunk).tanh(), "brake": net.brake(trunk)}

    return Graph(
        apply,
        conv=nn.Conv2d(1, 2, 3),
        seen=nn.Linear(32, 5),
        table=nn.Embedding(7, 3),
        hidden=nn.Linear(11, 6),
        steer=nn.Linear(6, 1),
        brake=nn.Linear(6, 4),
    )


def actor_critic():
    def apply(net, state):
        trunk = net.hidden(state).tanh()
        return {"policy": net.policy(trunk), "value": net.value(trunk)}

    return Graph(apply, hidden=nn.Linear(4, 8), policy=nn.Linear(8, 2), value=nn.Linear(8, 1))


def film():
    """Feature-wise linear modulation: a condition scales and shifts each channel."""

    def apply(net, signal, condition):
        x = net.conv1(signal)
        scale, shift = net.scale(condition)[:, :, None], net.shift(condition)[:, :, None]
        return {"made": net.made(F.relu(x * scale + shift))}

    return Graph(
        apply,
        conv1=nn.Conv1d(2, 4, 3, padding=1),
        scale=nn.Linear(3, 4),
        shift=nn.Linear(3, 4),
        made=nn.Conv1d(4, 1, 3, padding=1),
    )


def rnnoise():
    """The topology of RNNoise: recurrent layers that take what those before them have found."""

    def apply(net, features):
        dense = net.input_dense(features).tanh()
        speech = net.vad_gru(dense)
        noise = net.noise_gru(torch.cat([dense, speech, features], 2))
        denoised = net.denoise_gru(torch.cat([speech, noise, features], 2))
        return {"gains": net.denoise_output(denoised).sigmoid(), "vad": net.vad_output(speech).sigmoid()}

    gru = lambda features, hidden: GruByHand(features, hidden, torch.relu, reset_after=False)
    return Graph(
        apply,
        input_dense=nn.Linear(42, 24),
        vad_gru=gru(24, 24),
        vad_output=nn.Linear(24, 1),
        noise_gru=gru(90, 48),
        denoise_gru=gru(114, 96),
        denoise_output=nn.Linear(96, 22),
    )


def face_detector():
    """Boxes and scores from a fine and a coarse map, as in UltraFace: depthwise convolutions, several anchors at each place."""

    def rows(map, values):
        """[rows, anchors · values, height, width] as [rows, height · width · anchors, values]"""
        return map.permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, values))

    def apply(net, image):
        x = F.max_pool2d(F.relu(net.stem(image)), 2, ceil_mode=True)
        near = F.relu(net.near_point(F.relu(net.near_depth(x))))
        x = F.max_pool2d(near, 3, 2, 1, ceil_mode=True)
        far = F.relu(net.far_point(F.relu(net.far_depth(x))))
        maps = [(near, net.near_boxes, net.near_scores), (far, net.far_boxes, net.far_scores)]
        return {
            "boxes": torch.cat([rows(boxes(x), 4) for x, boxes, _ in maps], 1),
            "scores": torch.cat([rows(scores(x), 2) for x, _, scores in maps], 1),
        }

    return Graph(
        apply,
        stem=nn.Conv2d(3, 4, 3, stride=2, padding=1),
        near_depth=nn.Conv2d(4, 4, 3, padding=1, groups=4),
        near_point=nn.Conv2d(4, 6, 1),
        far_depth=nn.Conv2d(6, 6, 3, stride=2, padding=1, groups=6),
        far_point=nn.Conv2d(6, 8, 1),
        near_boxes=nn.Conv2d(6, 12, 3, padding=1),
        far_boxes=nn.Conv2d(8, 8, 3, padding=1),
        near_scores=nn.Conv2d(6, 6, 3, padding=1),
        far_scores=nn.Conv2d(8, 4, 3, padding=1),
    )


def silero():
    """The encoder and the decoder of Silero VAD for one chunk of 16 kHz and what is left of the chunk before."""

    def apply(net, chunk):
        parts = net.stft(F.pad(chunk[:, None], (0, 64), "reflect"))
        x = (parts[:, :129].square() + parts[:, 129:].square()).sqrt()
        for conv in [net.conv1, net.conv2, net.conv3, net.conv4]:
            x = F.relu(conv(x))
        return net.out(F.relu(net.lstm(x.transpose(1, 2)))).sigmoid()

    return Graph(
        apply,
        stft=nn.Conv1d(1, 258, 256, stride=128, bias=False),
        conv1=nn.Conv1d(129, 128, 3, padding=1),
        conv2=nn.Conv1d(128, 64, 3, stride=2, padding=1),
        conv3=nn.Conv1d(64, 64, 3, stride=2, padding=1),
        conv4=nn.Conv1d(64, 128, 3, padding=1),
        lstm=Lstm(128, 128),
        out=nn.Linear(128, 1),
    )


def packed():
    """Sequences of different lengths: recurrent layers in both directions and in one, the last step and the mean."""

    def apply(net, sequence, length):
        lengths = length[:, 0]

        def run(layer, x, state=None):
            x = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            return nn.utils.rnn.pad_packed_sequence(layer(x, state)[0], batch_first=True, total_length=STEPS_OF_PACKED)[0]

        both = run(net.both, sequence)
        one = run(net.one, both)
        last = one[torch.arange(len(one)), lengths - 1]
        again = run(net.again, one, last[None])
        plain = run(net.plain, again)
        mean = plain.sum(1) / lengths[:, None]
        return {"tags": net.tags(one), "kind": net.kind(torch.cat([last, mean], 1))}

    return Graph(
        apply,
        both=nn.LSTM(3, 2, batch_first=True, bidirectional=True),
        one=nn.GRU(4, 3, batch_first=True),
        again=nn.GRU(3, 3, batch_first=True),
        plain=nn.RNN(3, 2, batch_first=True, bidirectional=True),
        tags=nn.Linear(3, 4),
        kind=nn.Linear(7, 3),
    )


STEPS_OF_PACKED = 5


def states():
    """Recurrent layers whose first states are values of the network."""

    def apply(net, signal, hidden, cell):
        first = net.first(signal, net.start(hidden)[None])[0]
        cells = cell.unflatten(1, (2, 2)).transpose(0, 1).contiguous()
        both = net.both(first, (torch.stack([hidden, cells[0]]), cells))[0]
        plain = net.plain(both, hidden[None])[0]
        return {"made": net.made(plain)}

    return Graph(
        apply,
        start=nn.Linear(2, 3),
        first=nn.GRU(3, 3, batch_first=True),
        both=nn.LSTM(3, 2, batch_first=True, bidirectional=True),
        plain=nn.RNN(4, 2, batch_first=True),
        made=nn.Linear(2, 1),
    )


def in_order(layer, *names):
    """A layer whose parameters come in the order in which its modules run."""
    layer._modules = {name: layer._modules[name] for name in [*names, *layer._modules]}
    return layer


def padding(length, steps):
    """Where PyTorch's key padding mask leaves keys out."""
    return torch.arange(steps) >= length


def encoder_decoder():
    """One layer each of torch.nn.Transformer."""
    options = {"dim_feedforward": 16, "dropout": 0.0, "batch_first": True}

    def apply(net, source, length, target):
        mask = padding(length, source.shape[1])
        memory = net.encoder(source, src_key_padding_mask=mask)
        tokens = net.table(target)
        causal = nn.Transformer.generate_square_subsequent_mask(tokens.shape[1])
        decoded = net.decoder(tokens, memory, tgt_mask=causal, memory_key_padding_mask=mask)
        return {"logits": net.out(decoded)}

    return Graph(
        apply,
        encoder=in_order(nn.TransformerEncoderLayer(8, 2, **options), "self_attn", "norm1", "linear1", "linear2", "norm2"),
        table=nn.Embedding(11, 8),
        decoder=in_order(
            nn.TransformerDecoderLayer(8, 4, **options),
            *["self_attn", "norm1", "multihead_attn", "norm2", "linear1", "linear2", "norm3"],
        ),
        out=nn.Linear(8, 11),
    )


def padded_attention():
    """Keys that are padding, of the sequence itself and of another one."""

    def attend(attention, query, memory, length, causal=False):
        mask = torch.ones(query.shape[1], memory.shape[1], dtype=torch.bool).triu(1) if causal else None
        return attention(query, memory, memory, attn_mask=mask, key_padding_mask=padding(length, memory.shape[1]))[0]

    def apply(net, x, length, y):
        both = attend(net.both, x, x, length)
        past = attend(net.past, both, both, length, causal=True)
        of_past = attend(net.of_past, y, past, length)
        return {"made": attend(net.wide, of_past, x, length, causal=True)}

    attention = lambda features, heads, **options: nn.MultiheadAttention(features, heads, batch_first=True, **options)
    return Graph(
        apply,
        both=attention(6, 2),
        past=attention(6, 3),
        of_past=attention(4, 2, kdim=6, vdim=6),
        wide=attention(4, 1, kdim=6, vdim=6),
    )


def classes(output, target):
    """Cross-entropy, of each step if there are several; a step of class 255 is ignored."""
    return nn.CrossEntropyLoss(ignore_index=255)(output.flatten(0, -2), target.flatten())


# name: (network, input, target, loss, optimizer)
CASES = {
    "networks/lenet": (
        lenet,
        lambda: random(ROWS, 1, 28, 28),
        lambda: torch.tensor([3, 0, 7]),
        classes,
        lambda parameters: torch.optim.Adam(parameters, lr=0.001),
    ),
    "networks/resnet": (
        resnet,
        lambda: random(ROWS, 3, 7, 6),
        lambda: torch.tensor([4, 0, 2]),
        classes,
        lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9, weight_decay=1e-3),
    ),
    "networks/lstm_classifier": (
        lstm_classifier,
        lambda: torch.randint(11, (ROWS, 7)),
        lambda: torch.tensor([2, 0, 1]),
        classes,
        lambda parameters: torch.optim.RMSprop(parameters, lr=0.01),
    ),
    "networks/transformer": (
        transformer,
        lambda: torch.randint(11, (ROWS, 6)),
        lambda: torch.randint(11, (ROWS, 6)),
        classes,
        # Not Adam: the gradient of a key's bias is 0 but for rounding, which Adam would blow up to steps.
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9, nesterov=True),
    ),
    "networks/autoencoder": (
        autoencoder,
        lambda: random(ROWS, 1, 8, 8),
        lambda: random(ROWS, 1, 8, 8),
        nn.MSELoss(),
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/unet": (
        unet,
        lambda: random(ROWS, 2, 8, 8),
        lambda: random(ROWS, 3, 8, 8),
        nn.MSELoss(),
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/densenet": (
        densenet,
        lambda: random(ROWS, 3, 6, 5),
        lambda: torch.tensor([4, 0, 2]),
        classes,
        lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9),
    ),
    "networks/wavenet": (
        wavenet,
        lambda: random(ROWS, 1, 17),
        lambda: random(ROWS, 1, 17),
        nn.MSELoss(),
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/video": (
        video,
        lambda: random(ROWS, 5, 2, 6, 5),
        lambda: torch.tensor([2, 0, 1]),
        classes,
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/towers": (
        towers,
        lambda: random(ROWS, 10),
        lambda: random(ROWS, 2),
        nn.MSELoss(),
        lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9),
    ),
    "networks/squeeze_and_excitation": (
        squeeze_and_excitation,
        lambda: random(ROWS, 3, 6, 5),
        lambda: torch.tensor([4, 0, 2]),
        classes,
        lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9),
    ),
    "networks/silero": (
        silero,
        lambda: random(ROWS, 576),
        lambda: uniform(ROWS, 1, 1),
        nn.BCELoss(),
        lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    ),
}


def fill(module):
    """Parameters that the test can make again: weights twice as large as by default, so that the outputs are not all alike."""
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(module.named_parameters()):
            if parameter.dim() > 1:
                parameter.copy_(pattern(parameter.shape, seed, 2.0 * parameter[0].numel() ** -0.5))
            else:
                parameter.copy_(pattern(parameter.shape, seed, 0.5) + float(name.endswith("weight")))


def train(name, build, input, target, loss, optimizer):
    case = Case(name)
    module = build()
    fill(module)
    for tensor, parameter in module.named_parameters():
        case.add(f"parameter.{tensor}", digest(parameter))
    input, target = input(), target()
    if input.is_floating_point():
        input.requires_grad_()
    case.add("input", input)
    case.add("target", target)
    optimizer = optimizer(module.parameters())
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        output = module(input)
        output.retain_grad()
        value = loss(output, target)
        value.backward()
        losses.append(value.item())
        if step == 0:
            case.add("output", output)
            case.add("grad_output", output.grad)
            for tensor, parameter in module.named_parameters():
                case.add(f"gradient.{tensor}", digest(parameter.grad))
            if input.grad is not None:
                case.add("grad_input", digest(input.grad))
        optimizer.step()
    case.add("losses", torch.tensor(losses))
    for tensor, value in module.state_dict().items():
        if not tensor.endswith("num_batches_tracked"):
            case.add(f"final.{tensor}", digest(value))
    module.eval()
    case.add("evaluation", module(input))
    case.write()


# name: (network, inputs, targets, the loss of each output, optimizer)
PORTS = {
    "networks/pilot": (
        pilot,
        lambda: {
            "image": random(ROWS, 1, 6, 6),
            "speed": random(ROWS, 3),
            "station": torch.randint(7, (ROWS, 1)),
        },
        lambda: {"steering": random(ROWS, 1), "brake": torch.tensor([3, 0, 2])},
        {"steering": nn.MSELoss(), "brake": lambda output, target: 0.5 * classes(output, target)},
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/actor_critic": (
        actor_critic,
        lambda: {"state": random(ROWS, 4)},
        lambda: {"policy": torch.tensor([1, 0, 1]), "value": random(ROWS, 1)},
        {"policy": classes, "value": lambda output, target: 0.25 * nn.MSELoss()(output, target)},
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    ),
    "networks/film": (
        film,
        lambda: {"signal": random(ROWS, 2, 7), "condition": random(ROWS, 3)},
        lambda: {"made": random(ROWS, 1, 7)},
        {"made": nn.MSELoss()},
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/rnnoise": (
        rnnoise,
        lambda: {"features": random(ROWS, 5, 42)},
        lambda: {"gains": uniform(ROWS, 5, 22), "vad": uniform(ROWS, 5, 1)},
        {"gains": nn.MSELoss(), "vad": lambda output, target: 0.5 * nn.BCELoss()(output, target)},
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    ),
    "networks/face_detector": (
        face_detector,
        lambda: {"image": random(ROWS, 3, 13, 17)},
        lambda: {"boxes": random(ROWS, 68, 4), "scores": torch.randint(2, (ROWS, 68))},
        {"boxes": nn.SmoothL1Loss(), "scores": lambda output, target: 2.0 * classes(output, target)},
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/packed": (
        packed,
        lambda: {"sequence": random(ROWS, STEPS_OF_PACKED, 3), "length": torch.tensor([[4], [5], [1]])},
        lambda: {
            "tags": torch.tensor([[1, 0, 3, 2, 255], [0, 2, 255, 1, 3], [2, 255, 255, 255, 255]]),
            "kind": torch.tensor([2, 0, 1]),
        },
        {"tags": classes, "kind": classes},
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "networks/states": (
        states,
        lambda: {"signal": random(ROWS, 4, 3), "hidden": random(ROWS, 2), "cell": random(ROWS, 4)},
        lambda: {"made": random(ROWS, 4, 1)},
        {"made": nn.MSELoss()},
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    ),
    "networks/encoder_decoder": (
        encoder_decoder,
        lambda: {
            "source": random(ROWS, 7, 8),
            "length": torch.tensor([[7], [2], [5]]),
            "target": torch.randint(11, (ROWS, 5)),
        },
        lambda: {"logits": torch.randint(11, (ROWS, 5))},
        {"logits": classes},
        # not Adam: see `transformer`
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    ),
    "networks/padded_attention": (
        padded_attention,
        lambda: {
            "x": random(ROWS, 5, 6),
            "length": torch.tensor([[1], [5], [3]]),
            "y": random(ROWS, 7, 4),
        },
        lambda: {"made": random(ROWS, 7, 4)},
        {"made": nn.MSELoss()},
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    ),
}


def train_ports(name, build, inputs, targets, losses, optimizer):
    case = Case(name)
    module = build()
    fill(module)
    inputs, targets = inputs(), targets()
    for port, input in inputs.items():
        case.add(f"input.{port}", input)
        if input.is_floating_point():
            input.requires_grad_()
    for port, target in targets.items():
        case.add(f"target.{port}", target)
    optimizer = optimizer(module.parameters())
    steps = []
    for step in range(STEPS):
        optimizer.zero_grad()
        outputs = module(*inputs.values())
        values = {port: losses[port](output, targets[port]) for port, output in outputs.items()}
        sum(values.values()).backward()
        steps.append([value.item() for value in values.values()])
        if step == 0:
            for port, output in outputs.items():
                case.add(f"output.{port}", output)
            for tensor, parameter in module.named_parameters():
                case.add(f"gradient.{tensor}", digest(parameter.grad))
            for port, input in inputs.items():
                if input.grad is not None:
                    case.add(f"grad_input.{port}", input.grad)
        optimizer.step()
    case.add("losses", torch.tensor(steps))
    for tensor, value in module.state_dict().items():
        case.add(f"final.{tensor}", digest(value))
    case.write()


def write(wanted):
    for name, parts in CASES.items():
        if wanted(name):
            train(name, *parts)
    for name, parts in PORTS.items():
        if wanted(name):
            train_ports(name, *parts)
