"""Measure the speed of training against a plain loop and against the matrix products that it cannot avoid.

    python benchmarks/training.py [--rounds 15]

For every task and width of the default study, on one thread, three programs take turns, an epoch or a few at a time, so
that whatever else the machine does slows all three alike; the median CPU time of an epoch is reported.

ours
    What a training job runs.
plain
    ``nn.Sequential`` and ``torch.optim.Adam``, as one would write them by hand.
floor
    The matrix products of an epoch and nothing else. For every batch and layer: A W forward, Aᵀ D for the weights, and
    D Wᵀ for the layer below (in the first layer only where an embedding learns from it). The first layer counts as
    dense, 32 inputs wide for two embedded operands. ``torch.mm`` into preallocated memory; no bias, activation, loss,
    update or shuffling.
"""

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from losslaws.config.training import Training
from losslaws.core.registry import CRITERIA, TASKS
from losslaws.tasks.task import Task
from losslaws.training.backends.autograd import PlainTraining
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.loop import as_tensors
from losslaws.training.models import EMBEDDING, build_model

NAMES = ("mod_add", "mod_mul", "regression", "classification")
WIDTHS = (32, 64, 128)
EPOCHS, BATCH, SEED = 1500, 512, 42
SAMPLE_SECONDS = 0.05
SETTINGS = Training()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="samples of each program in each cell")
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    print(f"CPU time of an epoch in milliseconds, median of {rounds}\n")
    print(f"{'task':15}{'h':>4}{'ours':>10}{'plain':>10}{'floor':>10}{'ours/floor':>12}{'plain/ours':>12}")
    total = np.zeros(3)
    by_width = {width: np.zeros(3) for width in WIDTHS}
    for name in NAMES:
        task = TASKS.load(name)
        for width in WIDTHS:
            seconds = medians([*trainings(task, width), products(task, width)], rounds)
            print_row(name, str(width), 1e3 * seconds)
            by_width[width] += EPOCHS * seconds
            total += EPOCHS * seconds
    print(f"\nCPU seconds of the default study: {EPOCHS} epochs of each\n")
    for width, seconds in by_width.items():
        print_row("all tasks", str(width), seconds)
    print_row("all", "", total)


def print_row(name: str, width: str, values: np.ndarray) -> None:
    ours, plain, floor = values
    print(f"{name:15}{width:>4}{ours:10.2f}{plain:10.2f}{floor:10.2f}{ours / floor:12.2f}{plain / ours:12.2f}")


def medians(programs: list[Callable[[], object]], rounds: int) -> np.ndarray:
    """Return the median CPU time of one call of each program; the programs take turns."""
    calls = [max(1, round(SAMPLE_SECONDS / min(timed(program, 1) for _ in range(3)))) for program in programs]
    samples = [[timed(program, n) / n for program, n in zip(programs, calls, strict=True)] for _ in range(rounds)]
    return np.median(samples, axis=0)


def timed(program: Callable[[], object], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        program()
    return time.process_time() - start


def trainings(task: Task, width: int) -> list[Callable[[], object]]:
    """Return an epoch of ours and an epoch of the plain loop, from the same initial network."""
    samples = task.sample(SEED)
    inputs, target = as_tensors(samples)
    adam = partial(torch.optim.Adam, lr=1e-3, weight_decay=0)
    criterion, programs = CRITERIA.load(task.loss), []
    for way, loss in ((FastMLP, criterion.written_out), (PlainTraining, criterion.loss)):
        torch.manual_seed(SEED)
        model = build_model(task, len(samples.features), width, SETTINGS)
        training = way(model, adam, loss, inputs, target, BATCH)
        programs.append(partial(training.run_epoch, 1e-3))
    return programs


def products(task: Task, width: int) -> Callable[[], object]:
    """Return the matrix products of an epoch."""
    samples = task.sample(SEED)
    rows, learns_input = len(samples.target), task.tokens is not None
    sizes = [len(samples.features) * (EMBEDDING if learns_input else 1), width, width, task.outputs]
    batches = [min(BATCH, rows - start) for start in range(0, rows, BATCH)]
    of_size = {size: batch_products(size, sizes, learns_input) for size in set(batches)}

    @torch.inference_mode()
    def epoch() -> None:
        for size in batches:
            for a, b, out in of_size[size]:
                torch.mm(a, b, out=out)

    return epoch


def batch_products(rows: int, sizes: list[int], learns_input: bool) -> list[tuple[torch.Tensor, ...]]:
    """Return the factors and the result's memory of every product of a step, in the order of a step."""
    units = [torch.randn(rows, size) for size in sizes]
    slopes = [torch.randn(rows, size) for size in sizes]
    weights = [torch.randn(size, following) for size, following in pairwise(sizes)]
    found = [(units[layer], weight, units[layer + 1]) for layer, weight in enumerate(weights)]
    for layer, weight in reversed(list(enumerate(weights))):
        found.append((units[layer].T, slopes[layer + 1], torch.empty_like(weight)))
        if layer > 0 or learns_input:
            found.append((slopes[layer + 1], weight.T, slopes[layer]))
    return found


if __name__ == "__main__":
    main()
