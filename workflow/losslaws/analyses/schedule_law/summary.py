"""All that is said of runs under several schedules, as one JSON value."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from losslaws.analyses.schedule_law.scores import average, scores, scores_by_run
from losslaws.analyses.schedule_law.uncertainty import standard_errors
from losslaws.fitting.pooled import ScheduleFit, fit_schedule_law
from losslaws.laws.schedule.runs import Run
from losslaws.laws.separable import ScheduleLaw


def summarise(laws: Sequence[ScheduleLaw], fitted: Sequence[Run], tested: Sequence[Run]) -> list[dict[str, Any]]:
    """Return for each law its parameters with errors, its objective, and how well it predicts.

    Parameters
    ----------
    laws : sequence of ScheduleLaw
        The laws.
    fitted, tested : sequence of Run
        Runs to fit, and runs to predict; the latter may be none.

    Returns
    -------
    list of dict
        `law`, `formula`, `objective`, `parameters` (`name`, `value`, `error` or None), `at_bound`, `curves` (of
        :func:`curve_rows`), and `test`, the metrics averaged over `tested`, None if there are none.
    """
    return [_entry(fit_schedule_law(law, fitted), fitted, tested) for law in laws]


def _entry(fit: ScheduleFit, fitted: Sequence[Run], tested: Sequence[Run]) -> dict[str, Any]:
    errors = standard_errors(fit, fitted)
    parameters = [{"name": name, "value": value, "error": errors[name]} for name, value in fit.parameters.items()]
    return {
        "law": fit.law.name,
        "formula": fit.law.formula,
        "objective": fit.objective,
        "parameters": parameters,
        "at_bound": list(fit.at_bound),
        "curves": curve_rows(fit, [*fitted, *tested]),
        "test": asdict(average(list(scores_by_run(fit, tested).values()))) if tested else None,
    }


def curve_rows(fit: ScheduleFit, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return for each run its name, whether it was fitted, its metrics, and step, lr, loss and prediction as lists."""
    rows = []
    for run in runs:
        prediction = fit.predict(run)
        rows.append(
            {
                "curve": run.name,
                "fitted": run.name in fit.runs,
                **asdict(scores(run.loss, prediction)),
                "step": run.steps.tolist(),
                "lr": run.schedule.at(run.steps).tolist(),
                "loss": run.loss.tolist(),
                "prediction": prediction.tolist(),
            }
        )
    return rows
