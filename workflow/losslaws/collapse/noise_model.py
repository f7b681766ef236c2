"""One schedule predicted from another: the loss at equal gradient-flow time, less the noise that a lower rate saves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.arrays import Array, Index
from losslaws.errors import LosslawsError

THEORY = 0.25
"""α to leading order (Qiu et al. 2025)."""


@dataclass(frozen=True)
class NoiseRun:
    """A run whose noise was recorded.

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


def fit_noise_model(pairs: Sequence[tuple[NoiseRun, NoiseRun]]) -> NoiseModel:
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


def predict(model: NoiseModel, reference: NoiseRun, run: NoiseRun) -> tuple[Index, Array]:
    """Return which records of a run are predicted, and their predicted losses."""
    kept = _compared(reference, run)
    return kept, np.interp(run.tau[kept], reference.tau, reference.loss) + model.alpha * _gain(run, kept)


def _compared(reference: NoiseRun, run: NoiseRun) -> Index:
    """Return the indices of the records after the run's peak that the reference reaches."""
    after = np.arange(run.tau.size) >= run.rate.argmax()
    return np.flatnonzero(after & (run.tau <= reference.tau[-1]))


def _gain(run: NoiseRun, kept: Index) -> Array:
    """Return (η' − η_peak)/η_peak·TrΣ'."""
    return np.asarray((run.rate[kept] / run.rate.max() - 1) * run.trace[kept])


def _terms(reference: NoiseRun, run: NoiseRun) -> tuple[Array, Array]:
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
