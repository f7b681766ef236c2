"""One schedule predicted from another: the loss at equal gradient-flow time, less the noise that a lower rate saves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.analyses.collapse.results import NoiseFindings, PredictedRun
from losslaws.core.arrays import Array, Index
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve

THEORY = 0.25
"""α to leading order (Qiu et al. 2025)."""

CONSTANT = 1e-3
"""Relative to the peak: a rate that falls by no more is constant."""

DRAWN = 200
"""Points per run that are kept for the figure."""

SAME_PEAK = 1e-2
"""By how much the peaks of two runs that are compared may differ."""


@dataclass(frozen=True)
class NoiseRecord:
    """The losses of a run, and the noise of its gradients.

    Attributes
    ----------
    name : str
        For messages.
    tau : ndarray of shape (n,)
        Gradient-flow time ∫η dt, increasing.
    loss, rate, trace : ndarray of shape (n,)
        Loss, learning rate η, and TrΣ, the trace of the covariance of the preconditioned mini-batch gradient.
    """

    name: str
    tau: Array
    loss: Array
    rate: Array
    trace: Array


@dataclass(frozen=True)
class NoiseModel:
    """L'(τ) = L(τ) + α·(η' − η_peak)/η_peak·TrΣ'(τ).

    Attributes
    ----------
    alpha : float
        Least squares over all records of all runs after their warm-up.
    error : float
        Its standard error, with residuals of one run taken for dependent; NaN for one run.
    by_run : dict of str to float
        α of each run alone.
    explained : float
        1 − Σ residual²/Σ (L' − L)²: the share of the difference to the reference that the model explains.
    """

    alpha: float
    error: float
    by_run: dict[str, float]
    explained: float


def noise_record(curve: Curve) -> NoiseRecord:
    """Return what is known of a curve's noise, with τ the sum of its learning rates over steps, linear between records.

    Raises
    ------
    LosslawsError
        If the curve has no noise trace or no learning rate.
    """
    rate, trace = _rate_and_trace(curve)
    if rate is None or trace is None:
        missing = "learning rate (lr)" if rate is None else "noise trace (noise_trace)"
        raise LosslawsError(
            f"curve {curve.name!r} has no {missing}, and the noise model needs both: import the curve with that column"
        )
    middle = (rate + np.append(rate[0], rate[:-1])) / 2
    return NoiseRecord(curve.name, np.cumsum(middle * np.diff(curve.t, prepend=0.0)), curve.loss, rate, trace)


def has_noise(curve: Curve) -> bool:
    """Return whether a curve has a noise trace."""
    return _rate_and_trace(curve)[1] is not None


def _rate_and_trace(curve: Curve) -> tuple[Array | None, Array | None]:
    return curve.series.get("lr"), curve.series.get("noise_trace")


def pairs_of(curves: Sequence[Curve]) -> list[tuple[NoiseRecord, NoiseRecord]]:
    """Return every run whose rate falls with one of its size whose rate is constant after the warm-up.

    Of several such references with the same peak, that with the run's number of steps, else the longest. A run without
    one has no pair.

    Parameters
    ----------
    curves : sequence of Curve
        With learning rates, noise traces and, where there are several sizes, `n_params`.

    Raises
    ------
    LosslawsError
        If a curve has no noise trace or no learning rate.
    """
    runs = [(curve.attributes.get("n_params"), curve.t[-1], noise_record(curve)) for curve in curves]
    references = [each for each in runs if _is_constant(each[2])]
    pairs = []
    for size, end, run in runs:
        if _is_constant(run):
            continue
        fit = [
            (last == end, reference.tau[-1], index)
            for index, (own, last, reference) in enumerate(references)
            if own == size and abs(reference.rate.max() / run.rate.max() - 1) < SAME_PEAK
        ]
        if fit:
            pairs.append((references[max(fit)[2]][2], run))
    return pairs


def _is_constant(run: NoiseRecord) -> bool:
    peak = run.rate.argmax()
    return bool((run.rate[peak:] >= (1 - CONSTANT) * run.rate[peak]).all())


def fit_noise_model(pairs: Sequence[tuple[NoiseRecord, NoiseRecord]]) -> NoiseModel:
    """Fit α to pairs of (reference with a constant rate after its warm-up, run under another schedule).

    The reference is interpolated linearly at the run's τ. Records before the run's peak learning rate, and beyond the
    reference's last τ, are left out.

    Raises
    ------
    LosslawsError
        If there are no pairs, a run has values that are not finite, or its rate never falls within the reference's τ.
    """
    if not pairs:
        raise LosslawsError("there is no run to compare with a constant-rate reference: add runs under other schedules")
    terms = [_terms(reference, run) for reference, run in pairs]
    squares = np.array([gain @ gain for gain, _ in terms])
    products = np.array([gain @ excess for gain, excess in terms])
    alpha = float(products.sum() / squares.sum())
    scores = products - alpha * squares
    count = len(pairs)
    error = np.sqrt(scores @ scores * count / (count - 1)) / squares.sum() if count > 1 else float("nan")
    rest = sum(float(np.sum((excess - alpha * gain) ** 2)) for gain, excess in terms)
    total = sum(float(excess @ excess) for _, excess in terms)
    by_run = {run.name: float(p / s) for (_, run), p, s in zip(pairs, products, squares, strict=True)}
    return NoiseModel(alpha, float(error), by_run, 1 - rest / total)


def predict(model: NoiseModel, reference: NoiseRecord, run: NoiseRecord) -> tuple[Index, Array]:
    """Return which records of a run are predicted, and their predicted losses."""
    kept = _compared(reference, run)
    return kept, np.interp(run.tau[kept], reference.tau, reference.loss) + model.alpha * _gain(run, kept)


def _compared(reference: NoiseRecord, run: NoiseRecord) -> Index:
    """Return the indices of the records after the run's peak that the reference reaches."""
    after = np.arange(run.tau.size) >= run.rate.argmax()
    return np.flatnonzero(after & (run.tau <= reference.tau[-1]))


def _gain(run: NoiseRecord, kept: Index) -> Array:
    """Return (η' − η_peak)/η_peak·TrΣ'."""
    return np.asarray((run.rate[kept] / run.rate.max() - 1) * run.trace[kept])


def _terms(reference: NoiseRecord, run: NoiseRecord) -> tuple[Array, Array]:
    kept = _compared(reference, run)
    gain = _gain(run, kept)
    excess = run.loss[kept] - np.interp(run.tau[kept], reference.tau, reference.loss)
    if not (np.isfinite(gain).all() and np.isfinite(excess).all()):
        raise LosslawsError(
            f"run {run.name!r} or its reference {reference.name!r} has a loss, a learning rate or a noise trace that "
            "is not finite: leave the run out"
        )
    if not (gain != 0).any():
        raise LosslawsError(
            f"the learning rate of run {run.name!r} does not fall within the time of its reference "
            f"{reference.name!r}: leave the run out, or let the reference run longer"
        )
    return gain, excess


def find_noise_model(curves: Sequence[Curve]) -> NoiseFindings:
    """Return the fitted noise model, and how it predicts each run from a reference at a constant rate.

    Parameters
    ----------
    curves : sequence of Curve
        With noise traces.

    Raises
    ------
    LosslawsError
        If a curve has no learning rate, or there are no pairs that the model can be fitted to.
    """
    pairs = pairs_of(curves)
    model = fit_noise_model(pairs)
    used = {run.name for pair in pairs for run in pair}
    return NoiseFindings(
        alpha=model.alpha,
        error=model.error if np.isfinite(model.error) else None,
        theory=THEORY,
        explained=model.explained,
        runs=tuple(_predicted(model, reference, run) for reference, run in pairs),
        left_out=tuple(curve.name for curve in curves if curve.name not in used),
    )


def _predicted(model: NoiseModel, reference: NoiseRecord, run: NoiseRecord) -> PredictedRun:
    kept, predicted = predict(model, reference, run)
    tau, loss = run.tau[kept], run.loss[kept]
    constant = np.interp(tau, reference.tau, reference.loss)
    shown = np.unique(np.linspace(0, tau.size - 1, DRAWN).round().astype(int))
    return PredictedRun(
        name=run.name,
        reference=reference.name,
        alpha=model.by_run[run.name],
        rms_difference=float(np.sqrt(np.mean((loss - constant) ** 2))),
        rms_error=float(np.sqrt(np.mean((loss - predicted) ** 2))),
        tau=tuple(tau[shown].tolist()),
        loss=tuple(loss[shown].tolist()),
        predicted=tuple(predicted[shown].tolist()),
        at_constant_rate=tuple(constant[shown].tolist()),
    )
