"""How well forecasts do, and how long they take: simulated curves, and any that are given.

Usage: ``OMP_NUM_THREADS=1 python benchmarks/forecasting.py [FILES[:COLUMN] …]``, with the column that tells the
curves of a file apart. Prints for each set of curves, those simulated first (of one law and of sums of two, of
gradient flow, with a second drop) and then those of each file or glob, the back-test's summary, and the median errors
over all back-tests, both groups of schedules together; from the first set the multipliers that forecasts use by
default; then the time of one forecast and of back-tests of curves that share their t and of curves that do not.
"""

import sys
import time
from collections.abc import Sequence

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.forecasting.backtest import Backtest, backtest_curves
from losslaws.forecasting.forecast import forecast_curve
from losslaws.forecasting.schedule_ahead import UNKNOWN
from losslaws.importing.source import read_files
from losslaws.theory.from_laws import ar1_noise, draw_shapes
from losslaws.views.forecasts import BacktestView

NAMES = ("power_law", "exponential", "stretched_exp", "log_power", "shifted_power_law", "hill")
COUNT = 60


def simulated(count: int = COUNT) -> list[Curve]:
    """One law in a third of the curves, the sum of two in the others, so that no candidate is the truth."""
    rng = np.random.default_rng(5)
    curves = []
    for number in range(count):
        length = int(rng.choice([200, 500, 1500]))
        t = np.arange(3.0, 3.0 + length) * 10 ** rng.uniform(-1, 3) + 2
        truth = np.full(length, rng.uniform(0, 2))
        for _ in range(1 if number % 3 == 0 else 2):
            law = LAWS.load(NAMES[rng.integers(len(NAMES))])
            unit = law(t, {"a": 1.0, "L_inf": 0.0, **draw_shapes(law, t, rng)})
            truth += rng.uniform(0.3, 1) * unit / unit[0]
        curves.append(_noisy(f"simulated_{number}", t, truth, rng))
    return curves


def gradient_flow(count: int = 30) -> list[Curve]:
    """Return sums of exponentials whose rates and sizes fall as powers: gradient flow of a linear model."""
    rng, t, mode = np.random.default_rng(11), np.arange(1.0, 601.0), np.arange(1.0, 3001.0)
    curves = []
    for number in range(count):
        rates = rng.uniform(0.05, 1) * mode ** -rng.uniform(1, 2.2)
        sizes = mode ** -rng.uniform(1.1, 2.2)
        truth = np.exp(-2 * np.outer(t, rates)) @ (sizes / sizes.sum()) + rng.uniform(0, 1)
        curves.append(_noisy(f"gradient_flow_{number}", t, truth, rng))
    return curves


def second_drop(count: int = 30) -> list[Curve]:
    """Return power laws with a sigmoid in ln t on top, from a fifth to nine tenths of the way: a late discovery."""
    rng, t = np.random.default_rng(12), np.arange(1.0, 401.0) * 10
    way = np.log(t / t[0]) / np.log(t[-1] / t[0])
    curves = []
    for number in range(count):
        step = rng.uniform(0.2, 1) / (1 + np.exp((way - rng.uniform(0.2, 0.9)) * rng.uniform(5, 20)))
        truth = rng.uniform(0, 1) + (t / t[0]) ** -rng.uniform(0.2, 1) + step
        curves.append(_noisy(f"second_drop_{number}", t, truth, rng))
    return curves


def _noisy(name: str, t: Array, truth: Array, rng: np.random.Generator) -> Curve:
    noise = ar1_noise(float(rng.choice([0, 0.5, 0.9])), t.size, rng) * np.ptp(truth)
    return Curve(name, t, truth + noise * 10 ** rng.uniform(-3.5, -1.5))


def show(title: str, curves: Sequence[Curve]) -> Backtest:
    start = time.process_time()
    result = backtest_curves(curves)
    print(f"## {title}: {time.process_time() - start:.0f} s of one core\n\n{BacktestView(**vars(result)).table()}\n")
    for name in dict.fromkeys(row.forecaster for row in result.rows):
        rows = [row for row in result.rows if row.forecaster == name]
        end, later = (np.median([row.error_end for row in rows]), np.median([row.error_later for row in rows]))
        print(f"{name:20} median error over all: end {end:.5f}, later {later:.5f}")
    print()
    return result


def timing() -> None:
    rng = np.random.default_rng(0)
    for points in (1000, 5000):
        t = np.arange(1.0, points + 1)
        loss = 3 * (t + 20) ** -0.5 + 1 + 0.01 * rng.standard_normal(points)
        start = time.process_time()
        forecast_curve(Curve("one", t, loss))
        print(f"one forecast from {points} points: {time.process_time() - start:.2f} s")
    for shared in (True, False):
        curves = []
        for number in range(20):
            t = np.arange(1.0, 1001.0 + (0 if shared else number))
            loss = (t + rng.uniform(0, 50)) ** -rng.uniform(0.2, 1) + 0.01 * rng.standard_normal(t.size)
            curves.append(Curve(str(number), t, loss))
        start = time.process_time()
        backtest_curves(curves)
        seconds = (time.process_time() - start) / len(curves)
        print(f"back-test of 20 curves {'with' if shared else 'without'} a common t: {seconds:.2f} s per curve")


if __name__ == "__main__":
    print("default multipliers:", show("simulated", simulated()).calibration(UNKNOWN).multipliers, "\n")
    show("gradient flow", gradient_flow())
    show("second drop", second_drop())
    for argument in sys.argv[1:]:
        files, _, column = argument.partition(":")
        show(argument, read_files(files, curve=column or None).curves)
    timing()
