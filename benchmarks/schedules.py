"""Laws of schedules on published language-model curves, and collapse on a published ladder.

Usage: ``OMP_NUM_THREADS=1 python benchmarks/schedules.py``. Reads ``../shared/data`` beside the checkout. Prints, for
each model size: the published parameters of the multi-power law evaluated (objective on the runs that they were fitted
to, averages over the test runs), then each law fitted by this library under both conventions for the warm-up, with CPU
seconds; which schedule each law would choose; fits to runs made from other parameters; and the collapse of the ladder
with the noise model.
"""

import sys
import time
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/unit"))
sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from published_runs import (
    FITTED,
    PUBLISHED,
    PUBLISHED_SCORES,
    TESTED,
    WARMUP,
    ladder_curves,
    noise_pairs,
    schedule_curves,
)

from losslaws.analyses.collapse.ladder import ladder_compute_law, ladder_horizon_law, ladder_of
from losslaws.analyses.collapse.noise_model import fit_noise_model
from losslaws.analyses.collapse.normalised import noise_floor, normalise, supercollapse
from losslaws.analyses.schedule_law.design import compare, design, extrapolations
from losslaws.analyses.schedule_law.results import Plan, average
from losslaws.analyses.schedule_law.scores import scores, scores_by_curve
from losslaws.fitting.pooled import fit_pooled, objective
from losslaws.fitting.pooled_uncertainty import replicates
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.laws.schedule.curve import ScheduledCurve, scheduled_curve

HEAD = f"{'law':18}{'warm-up':>10}{'objective':>12}{'R²':>9}{'MAE':>9}{'RMSE':>9}{'mean':>9}{'worst':>9}{'CPU s':>7}"


def row(name: str, drops: str, cost: float | None, values: tuple[float, ...], seconds: float | None) -> str:
    shown = f"{'' if cost is None else f'{cost:.3e}':>12}{values[0]:9.4f}" + "".join(f"{v:9.5f}" for v in values[1:])
    return f"{name:18}{drops:>10}{shown}" + ("" if seconds is None else f"{seconds:7.2f}")


def split(size: str, drops: str) -> tuple[list[ScheduledCurve], list[ScheduledCurve]]:
    runs = {name: scheduled_curve(curve, WARMUP, drops) for name, curve in schedule_curves(size).items()}
    return [runs[name] for name in FITTED], [runs[name] for name in TESTED]


def fits(size: str) -> float:
    """Print the table of one size; return the CPU seconds of all fits under the published convention."""
    law = SCHEDULE_LAWS["multi_power"]
    fitted, tested = split(size, "start")
    parameters = dict(zip(law.parameters, PUBLISHED[size], strict=True))
    own = average([scores(run.y, law(run.x, parameters)) for run in tested])
    print(f"\n{size}: fitted to {', '.join(FITTED)}; averages over {len(TESTED)} test runs\n{HEAD}")
    print(row("as published", "start", None, PUBLISHED_SCORES[size], None))
    print(row("  evaluated here", "start", objective(law, fitted, parameters), astuple(own), None))
    total = 0.0
    for drops in ("start", "peak"):
        fitted, tested = split(size, drops)
        for candidate in SCHEDULE_LAWS.values():
            before = time.process_time()
            fit = fit_pooled(candidate, fitted)
            seconds = time.process_time() - before
            total += seconds * (drops == "start")
            mean = average(list(scores_by_curve(fit, tested).values()))
            print(row(candidate.name, drops, fit.objective, astuple(mean), seconds))
    return total


def designs(size: str) -> None:
    fitted, _ = split(size, "peak")
    plan = Plan(24000, 3e-4, WARMUP)
    for name in ("momentum", "functional", "multi_power"):
        before = time.process_time()
        fit = fit_pooled(SCHEDULE_LAWS[name], fitted)
        chosen = design(fit, plan)
        rows = compare(fit, replicates(fit, fitted, 20), plan, chosen)
        share = chosen.at(np.array([20000.0, 22000.0, 24000.0])) / plan.peak
        print(f"\n{size}, {name}: 24,000 steps; {share.round(3).tolist()} of the peak at 20,000, 22,000, 24,000")
        for entry in rows:
            print(f"  {entry.name:16} {entry.loss:.4f} [{entry.low:.4f}, {entry.high:.4f}]  excess {entry.excess:.4f}")
        print("  " + " ".join(extrapolations(fitted, chosen)))
        print(f"  {time.process_time() - before:.1f} s")


def others(count: int = 6) -> None:
    """Fit runs made from random parameters around the published ones, with AR(1) noise of 0.1%."""
    law, random = SCHEDULE_LAWS["multi_power"], np.random.default_rng(0)
    low, high = np.array([[2.3, 0.4, 300, 0.4, 1.5, 0.5, 0.5], [3.3, 0.8, 600, 0.6, 3, 0.7, 0.75]])
    runs = [scheduled_curve(curve, WARMUP, "start") for curve in schedule_curves("100M").values()]
    print("\nruns made from other parameters: objective of the fit and of the truth, test R², CPU s")
    for _ in range(count):
        truth = dict(zip(law.parameters, low + (high - low) * random.random(7), strict=True))
        made = []
        for run in runs:
            noise = lfilter([np.sqrt(0.75)], [1, -0.5], random.standard_normal(run.steps.size))
            made.append(replace(run, y=law(run.x, truth) * np.exp(1e-3 * noise)))
        before = time.process_time()
        fit = fit_pooled(law, made[: len(FITTED)])
        seconds = time.process_time() - before
        mean = average(list(scores_by_curve(fit, made[len(FITTED) :]).values()))
        reached = objective(law, made[: len(FITTED)], truth)
        print(f"  {fit.objective:.3e} {reached:.3e} {mean.r2:.4f} {seconds:.1f}")


def ladder() -> None:
    before = time.process_time()
    rungs = ladder_of(ladder_curves())
    law = ladder_compute_law(rungs)
    normalised = normalise(rungs, law.irreducible)
    floor = noise_floor(rungs, law.irreducible)
    found = supercollapse(normalised, floor)
    horizons = ladder_horizon_law(rungs)
    print(f"\ncompute ladder: L0 = {law.irreducible:.4f}, b = {law.exponent:.4f}, t* ∝ p^{horizons.exponent:.4f}")
    print(f"  Δ(0.75) = {normalised.at(0.75):.3%} (published 0.24%)", end=", ")
    print(f"σ(0.75) over widths {np.interp(0.75, normalised.x, floor.mean(axis=0)):.3%} (0.91%)", end=", ")
    print(f"Δ < σ over {found.share:.1%} of x (91%), from x = {found.start:.3f}")
    model = fit_noise_model(noise_pairs())
    print(f"  noise model: α = {model.alpha:.4f} ± {model.error:.4f} (0.21), explains {model.explained:.2%}", end="; ")
    print(f"{time.process_time() - before:.2f} s")


def main() -> None:
    seconds = [fits(size) for size in PUBLISHED]
    print(f"\nall four laws at both sizes, convention 'start': {sum(seconds):.1f} s")
    for size in PUBLISHED:
        designs(size)
    others()
    ladder()


if __name__ == "__main__":
    main()
