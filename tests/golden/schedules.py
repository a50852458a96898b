"""Learning rates of two groups of parameters, update by update, as PyTorch's schedulers set them."""

import math
import warnings

import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    ExponentialLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

from case import Case

STEPS = 300
INITIAL = [0.1, 0.0037]


def one_cycle(optimizer, **options):
    return OneCycleLR(optimizer, cycle_momentum=False, **options)


# name: the scheduler of an optimizer
CASES = {
    "schedules/constant": lambda o: ConstantLR(o, factor=0.37, total_iters=41),
    "schedules/constant_default": ConstantLR,
    "schedules/linear": lambda o: LinearLR(o, start_factor=0.013, end_factor=0.71, total_iters=137),
    "schedules/linear_default": LinearLR,
    "schedules/linear_down": lambda o: LinearLR(o, start_factor=1.0, end_factor=0.05, total_iters=STEPS),
    "schedules/step": lambda o: StepLR(o, step_size=7, gamma=0.83),
    "schedules/step_default": lambda o: StepLR(o, step_size=43),
    "schedules/multi_step": lambda o: MultiStepLR(o, milestones=[11, 203, 53, 53], gamma=0.31),
    "schedules/exponential": lambda o: ExponentialLR(o, gamma=0.93),
    "schedules/exponential_up": lambda o: ExponentialLR(o, gamma=1.07),
    "schedules/polynomial": lambda o: PolynomialLR(o, total_iters=211, power=1.7),
    "schedules/polynomial_default": PolynomialLR,
    "schedules/polynomial_root": lambda o: PolynomialLR(o, total_iters=STEPS, power=0.5),
    "schedules/cosine_annealing": lambda o: CosineAnnealingLR(o, T_max=STEPS),
    "schedules/cosine_annealing_periods": lambda o: CosineAnnealingLR(o, T_max=67, eta_min=2e-4),
    "schedules/cosine_annealing_warm_restarts": lambda o: CosineAnnealingWarmRestarts(o, T_0=29),
    "schedules/cosine_annealing_warm_restarts_longer": lambda o: CosineAnnealingWarmRestarts(
        o, T_0=13, T_mult=3, eta_min=2e-4
    ),
    "schedules/one_cycle": lambda o: one_cycle(o, max_lr=0.03, total_steps=STEPS),
    "schedules/one_cycle_linear": lambda o: one_cycle(
        o, max_lr=0.03, total_steps=STEPS, pct_start=0.13, anneal_strategy="linear", div_factor=7.0, final_div_factor=50.0
    ),
    "schedules/one_cycle_three_phases": lambda o: one_cycle(
        o, max_lr=0.03, total_steps=STEPS, pct_start=0.37, div_factor=11.0, three_phase=True
    ),
    "schedules/one_cycle_long_phases": lambda o: one_cycle(
        o, max_lr=0.03, total_steps=STEPS, pct_start=0.61, anneal_strategy="linear", three_phase=True
    ),
    "schedules/one_cycle_only_down": lambda o: one_cycle(o, max_lr=0.03, total_steps=STEPS, pct_start=0.0),
    "schedules/one_cycle_only_up": lambda o: one_cycle(o, max_lr=0.03, total_steps=STEPS, pct_start=1.0),
    "schedules/chained": lambda o: ChainedScheduler(
        [ConstantLR(o, factor=0.37, total_iters=41), ExponentialLR(o, gamma=0.97)]
    ),
    "schedules/chained_three": lambda o: ChainedScheduler(
        [
            LinearLR(o, start_factor=0.013, total_iters=31),
            MultiStepLR(o, milestones=[101, 203], gamma=0.5),
            CosineAnnealingLR(o, T_max=STEPS),
        ]
    ),
    "schedules/sequential": lambda o: SequentialLR(
        o, [LinearLR(o, start_factor=0.013, total_iters=23), CosineAnnealingLR(o, T_max=STEPS - 23)], milestones=[23]
    ),
    "schedules/sequential_three": lambda o: SequentialLR(
        o,
        [
            ConstantLR(o, factor=0.5, total_iters=17),
            ExponentialLR(o, gamma=0.96),
            CosineAnnealingWarmRestarts(o, T_0=19, T_mult=2, eta_min=1e-4),
        ],
        milestones=[41, 150],
    ),
}

# name: the scheduler of an optimizer that is told a value after each update
OBSERVING = {
    "schedules/reduce_on_plateau": lambda o: ReduceLROnPlateau(o, patience=3, factor=0.7),
    "schedules/reduce_on_plateau_default": ReduceLROnPlateau,
    "schedules/reduce_on_plateau_cooldown": lambda o: ReduceLROnPlateau(
        o, patience=1, factor=0.6, cooldown=5, threshold=0.03, threshold_mode="abs", min_lr=3e-4, eps=1e-4
    ),
    "schedules/reduce_on_plateau_max": lambda o: ReduceLROnPlateau(o, mode="max", patience=2, factor=0.8, threshold=0.01),
    "schedules/reduce_on_plateau_max_abs": lambda o: ReduceLROnPlateau(
        o, mode="max", patience=0, factor=0.9, cooldown=1, threshold=0.02, threshold_mode="abs", eps=0.0
    ),
}


def record(name, build, observed=None):
    case = Case(name)
    optimizer = SGD([{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in INITIAL], lr=1.0)
    scheduler = build(optimizer)
    rates = []
    for step in range(STEPS):
        if step > 0:
            optimizer.step()
            scheduler.step(*([] if observed is None else [observed[step - 1]]))
        rates.append([group["lr"] for group in optimizer.param_groups])
    if observed is not None:
        assert len(set(rates[-1] + rates[0])) > 2, f"{name}: nothing is reduced"
        case.add("observed", torch.tensor(observed))
    case.add("initial", torch.tensor(INITIAL))
    case.add("rates", torch.tensor(rates))
    case.write()


def write(wanted):
    warnings.simplefilter("ignore")
    for name, build in CASES.items():
        if wanted(name):
            record(name, build)
    for name, build in OBSERVING.items():
        if wanted(name):
            # a loss that falls, then rises, and wavers all the time
            loss = [1.0 / (1.0 + 0.05 * step) + 0.001 * step + 0.02 * math.sin(2.3 * step) for step in range(STEPS)]
            record(name, build, [1.0 - value for value in loss] if "max" in name else loss)
