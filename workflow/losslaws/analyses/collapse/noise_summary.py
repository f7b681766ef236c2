"""What runs with a recorded noise say about the noise model, as one JSON value."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from losslaws.analyses.collapse.noise_model import THEORY, NoiseModel, NoiseRun, fit_noise_model, pairs_of, predict
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve

DRAWN = 200
"""Points per run that are kept for the figure."""


def summarise_noise(curves: Sequence[Curve]) -> dict[str, Any]:
    """Return the fitted noise model, and how it predicts each run from a reference at a constant rate.

    Parameters
    ----------
    curves : sequence of Curve
        With noise traces.

    Returns
    -------
    dict
        `alpha`, `error` (None for one run), `theory`, `explained`; `runs`, each with `name`, `reference`, `alpha`,
        the root mean squares `apart` of its difference to the reference and `missed` of that to the prediction, and
        `tau`, `loss`, `predicted`, `at_constant_rate`; `left_out`, names of the runs without a reference. Or its
        `problem`.
    """
    try:
        pairs = pairs_of(curves)
        model = fit_noise_model(pairs)
    except LosslawsError as error:
        return {"problem": str(error)}
    used = {run.name for pair in pairs for run in pair}
    return {
        "alpha": model.alpha,
        "error": model.error if np.isfinite(model.error) else None,
        "theory": THEORY,
        "explained": model.explained,
        "runs": [_row(model, reference, run) for reference, run in pairs],
        "left_out": [curve.name for curve in curves if curve.name not in used],
    }


def _row(model: NoiseModel, reference: NoiseRun, run: NoiseRun) -> dict[str, Any]:
    kept, predicted = predict(model, reference, run)
    tau, loss = run.tau[kept], run.loss[kept]
    constant = np.interp(tau, reference.tau, reference.loss)
    shown = np.unique(np.linspace(0, tau.size - 1, DRAWN).round().astype(int))
    return {
        "name": run.name,
        "reference": reference.name,
        "alpha": model.by_run[run.name],
        "apart": float(np.sqrt(np.mean((loss - constant) ** 2))),
        "missed": float(np.sqrt(np.mean((loss - predicted) ** 2))),
        "tau": tau[shown].tolist(),
        "loss": loss[shown].tolist(),
        "predicted": predicted[shown].tolist(),
        "at_constant_rate": constant[shown].tolist(),
    }
