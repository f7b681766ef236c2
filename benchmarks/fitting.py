"""Fits per second of the batch fitter and of ``scipy.optimize.curve_fit`` with three starts, in one run on one thread.

Usage: ``OMP_NUM_THREADS=1 python benchmarks/fitting.py [curves]``. Prints, per law, fits per second of both on the same
curves and their ratio; then the ratio for unequal grids, log space and AR(1) errors, where `curve_fit` stands for what
a user would write (fits of the loss or of its logarithm; for AR(1) errors there is no such call, so the plain one is
timed); then the time and memory of a large batch.
"""

import resource
import sys
import time
import warnings
from functools import partial
from statistics import median

import numpy as np
from scipy.optimize import curve_fit

from losslaws.core.registry import LAWS
from losslaws.fitting.law_fits import fit_law
from losslaws.fitting.options import FitOptions
from losslaws.laws.law import Law

NAMES = ("power_law", "exponential", "stretched_exp", "log_power")
POINTS = 1490
COMPARED = 12
FIRST = {
    "power_law": [(1.0, 0.5), (5.0, 1.0), (1.0, 0.1)],
    "exponential": [(1.0, 0.01), (5.0, 0.001), (1.0, 0.1)],
    "stretched_exp": [(1.0, 100.0, 1.0), (5.0, 10.0, 0.5), (1.0, 500.0, 2.0)],
    "log_power": [(1.0, 1.0), (5.0, 3.0), (1.0, 0.3)],
}


def simulate(count: int, t: np.ndarray) -> np.ndarray:
    """Curves of all four laws with noise, from one seed."""
    rng = np.random.default_rng(0)
    curves = []
    for number in range(count):
        name = NAMES[number % len(NAMES)]
        shapes = {
            "power_law": {"beta": rng.uniform(0.2, 2.0)},
            "exponential": {"lambda": 10 ** rng.uniform(-3, -1.3)},
            "stretched_exp": {"tau": 10 ** rng.uniform(1.2, 2.6), "gamma": rng.uniform(0.4, 3.0)},
            "log_power": {"beta": rng.uniform(0.5, 5.0)},
        }[name]
        curve = LAWS.load(name)(t, {"a": rng.uniform(1, 5), "L_inf": rng.uniform(0.01, 0.5), **shapes})
        curves.append(curve + 0.01 * np.ptp(curve) * rng.standard_normal(t.size))
    return np.array(curves)


def fit_with_scipy(name: str, t: np.ndarray, loss: np.ndarray, log: bool) -> None:
    """Three starts within the published bounds, as the original program did."""
    law = LAWS.load(name)
    names = law.parameters

    def model(x: np.ndarray, *values: float) -> np.ndarray:
        curve = law(x, dict(zip(names, values, strict=True)))
        return np.log(np.maximum(curve, 1e-300)) if log else curve

    bounds = [(0.0, np.inf), *(shape.bounds_on("paper", t) for shape in law.shapes), (-np.inf, np.inf)]
    target = np.log(loss) if log else loss
    for first in FIRST[name]:
        try:
            curve_fit(model, t, target, p0=[*first, float(loss[-1])], bounds=np.array(bounds).T, maxfev=10_000)
        except RuntimeError:
            continue


def fit_on_own_grids(law: Law, t: np.ndarray, curves: np.ndarray, options: FitOptions) -> None:
    """Fit every curve on a grid of its own."""
    moves = np.random.default_rng(1).uniform(0, 0.3, size=curves.shape)
    for move, loss in zip(moves, curves, strict=True):
        fit_law(law, t + move, loss[None, :], options)


def fit_all_with_scipy(name: str, t: np.ndarray, curves: np.ndarray, log: bool) -> None:
    """Fit one curve after the other."""
    for loss in curves:
        fit_with_scipy(name, t, loss, log)


def seconds(action, repeats: int = 3) -> float:
    """Median processor time of an action."""
    times = []
    for _ in range(repeats):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return median(times)


def compare(title: str, curves: np.ndarray, t: np.ndarray, options: FitOptions, grids: bool = False) -> None:
    """Print fits per second of both, and their ratio."""
    log = options.space == "log"
    ours_total = theirs_total = 0.0
    for name in NAMES:
        law = LAWS.load(name)
        if grids:
            ours = seconds(partial(fit_on_own_grids, law, t, curves, options), 1)
        else:
            ours = seconds(partial(fit_law, law, t, curves, options))
        theirs = seconds(partial(fit_all_with_scipy, name, t, curves[:COMPARED], log), 1)
        ours, theirs = ours / len(curves), theirs / COMPARED
        ours_total, theirs_total = ours_total + ours, theirs_total + theirs
        print(f"{title:24s} {name:14s} {1 / ours:10.0f} {1 / theirs:10.1f} {theirs / ours:8.0f}×")
    ratio = theirs_total / ours_total
    print(f"{title:24s} {'all four':14s} {4 / ours_total:10.0f} {4 / theirs_total:10.1f} {ratio:8.0f}×")


def main() -> None:
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    t = np.arange(11.0, 11.0 + POINTS)
    curves = np.maximum(simulate(400, t), 1e-3)
    print(f"{'case':24s} {'law':14s} {'ours /s':>10s} {'scipy /s':>10s} {'ratio':>9s}")
    compare("common grid", curves, t, FitOptions())
    compare("unequal grids", curves[:40], t, FitOptions(), grids=True)
    compare("log space", curves[:80], t, FitOptions(space="log"))
    compare("AR(1) errors", curves[:80], t, FitOptions(errors="ar1"))
    many = simulate(count, t)
    started = time.perf_counter()
    for name in NAMES:
        for first in range(0, count, 1000):
            fit_law(LAWS.load(name), t, many[first : first + 1000], FitOptions())
    elapsed = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    data = many.nbytes / 2**20
    print(
        f"{count} curves × {POINTS} points × 4 laws: {elapsed:.1f} s, peak {peak:.0f} MiB, of which {data:.0f} MiB data"
    )


if __name__ == "__main__":
    main()
