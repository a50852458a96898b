"""Averages of the parameters over a run: `AveragedModel`, with the running statistics that `update_bn` computes."""

from copy import deepcopy

import torch
from torch import nn
from torch.optim import SGD
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, get_swa_multi_avg_fn, update_bn

from case import Case, random
from layers import network

BATCH = 5
# The orders of `nn_runtime::train::shuffled(13, 7, epoch)`, which the test compares with its own: the last mini-batch has 3 samples.
ORDERS = [
    [5, 11, 0, 12, 10, 9, 6, 4, 3, 7, 8, 2, 1],
    [2, 1, 3, 7, 5, 12, 10, 8, 6, 4, 11, 9, 0],
    [1, 4, 11, 6, 5, 8, 2, 9, 12, 3, 10, 0, 7],
    [12, 9, 3, 11, 0, 4, 6, 10, 7, 2, 5, 8, 1],

]


def plain():
    return network(fc1=nn.Linear(4, 6), tanh=nn.Tanh(), fc2=nn.Linear(6, 3))


def normed():
    return network(fc1=nn.Linear(4, 6), norm=nn.BatchNorm1d(6, momentum=0.3), tanh=nn.Tanh(), fc2=nn.Linear(6, 3))


# name: the network, the function of the average, the first epoch that counts, whether each update does
CASES = {
    "averages/ema": (plain, get_ema_multi_avg_fn(0.8), 1, True),
    "averages/ema_batch_norm": (normed, get_ema_multi_avg_fn(0.8), 1, True),
    "averages/swa": (plain, get_swa_multi_avg_fn(), 2, False),
    "averages/swa_batch_norm": (normed, get_swa_multi_avg_fn(), 2, False),
}


def record(name, build, average, from_epoch, is_each_update):
    case = Case(name)
    net = build()
    inputs, targets = random(13, 4), random(13, 3)
    case.add("orders", torch.tensor(ORDERS))
    case.add("input", inputs)
    case.add("target", targets)
    case.add_state("parameter", net)
    averaged = AveragedModel(net, multi_avg_fn=average)
    optimizer, criterion = SGD(net.parameters(), lr=0.1), nn.MSELoss()
    losses = []
    for epoch, order in enumerate(ORDERS, 1):
        mini_batches = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]
        net.train()
        for rows in mini_batches:
            optimizer.zero_grad()
            criterion(net(inputs[rows]), targets[rows]).backward()
            optimizer.step()
            if is_each_update:
                averaged.update_parameters(net)
        if not is_each_update and epoch >= from_epoch:
            averaged.update_parameters(net)
        # a copy, as `update_bn` changes the statistics
        validated = deepcopy(averaged if epoch >= from_epoch else net)
        if epoch >= from_epoch:
            update_bn([inputs[rows] for rows in mini_batches], validated)
        validated.eval()
        with torch.no_grad():
            losses.append(criterion(validated(inputs), targets).item())
    case.add("val_loss", torch.tensor(losses))
    case.add_state("after", validated.module)
    case.write()


def write(wanted):
    for name, (build, average, from_epoch, is_each_update) in CASES.items():
        if wanted(name):
            record(name, build, average, from_epoch, is_each_update)
