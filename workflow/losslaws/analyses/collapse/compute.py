"""All that is said of a ladder, as one JSON value: the analysis's file, its section and its figure are made of it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from losslaws.analyses.collapse.frontier import summarise_frontier
from losslaws.analyses.collapse.ladder import Rung, ladder_of
from losslaws.analyses.collapse.noise_summary import summarise_noise
from losslaws.analyses.collapse.normalised import Collapse, collapse, deviations, noise_floor, supercollapse, trend
from losslaws.analyses.collapse.settings import Settings
from losslaws.analyses.work import Work
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.laws.scaling.compute import fit_horizon_law, ladder_compute_law
from losslaws.storage.files import write_json

DRAWN = 250
"""Points per curve that are kept for the figure."""

REPORTED_AT = 0.75
"""The x at which Δ and σ are reported, as published."""


def compare(work: Work[Settings]) -> None:
    """Write what the curves of an experiment say about collapse."""
    write_json(work.output("found"), summarise_ladders(work.curves(), work.settings))


def summarise(curves: Sequence[Curve], irreducible: float | None = None, frontier: bool = False) -> dict[str, Any]:
    """Return what the curves of a ladder say about collapse.

    Parameters
    ----------
    curves : sequence of Curve
        Two sizes or more, three if L0 is to be fitted, two seeds of each.
    irreducible : float, optional
        L0, if it is known; fitted from the final losses otherwise.
    frontier : bool
        Whether to tell for how long each size is the best choice for its compute.

    Raises
    ------
    LosslawsError
        If the curves lack something (see the modules of this room).
    """
    ladder = ladder_of(curves)
    law = ladder_compute_law(ladder) if irreducible is None else None
    level = irreducible if law is None else law.irreducible
    assert level is not None
    collapsed = collapse(ladder, level)
    floor = noise_floor(ladder, level)
    mean_floor = floor.mean(axis=0)
    widths = deviations(collapsed, [ladder[index].label for index in collapsed.rung], float(mean_floor.mean()))
    runs = deviations(collapsed, [name for rung in ladder for name in rung.names], float(mean_floor.mean()))
    slope = trend([rung.size for rung in ladder], widths)
    kept = _thinned(collapsed.x)
    return {
        "irreducible": level,
        "compute_law": None if law is None else {"a": law.amplitude, "b": law.exponent, "unit": law.unit},
        "horizons": _horizons(ladder),
        "frontier": _frontier(curves, ladder) if frontier else None,
        "at": REPORTED_AT,
        "spread_at": collapsed.at(REPORTED_AT),
        "floor_at": float(np.interp(REPORTED_AT, collapsed.x, mean_floor)),
        "supercollapse": asdict(supercollapse(collapsed, floor)),
        "trend": None if slope is None else asdict(slope),
        "widths": [_row(entry) for entry in widths],
        "runs": [_row(entry) for entry in runs],
        "x": collapsed.x[kept].tolist(),
        "spread": collapsed.spread[kept].tolist(),
        "floor": mean_floor[kept].tolist(),
        "rungs": [_drawn(ladder, collapsed, floor, index, widths[index].curve) for index in range(len(ladder))],
    }


def summarise_ladders(curves: Sequence[Curve], settings: Settings) -> list[dict[str, Any]]:
    """Return what the curves of each task, or import, say, with its name as `ladder`.

    Parameters
    ----------
    curves : sequence of Curve
        Those of an experiment.
    settings : Settings
        `irreducible`, L0 or None; `split`, whose losses are compared,
        or None for those of training, where curves of test losses stand beside them; and `frontier`.

    Returns
    -------
    list of dict
        `ladder`; `left_out`, the number of curves of another split; what :func:`summarise` returns; and `noise_model`,
        what :func:`.noise_summary.summarise_noise` returns, or None where no curve has a noise trace.
        Where there is a noise model, a `problem` may stand for what :func:`summarise` returns.

    Raises
    ------
    LosslawsError
        If there are no curves of the split, or the curves lack something and there is no noise model either.
    """
    ladders: dict[str, list[Curve]] = {}
    for curve in curves:
        ladders.setdefault(str(curve.attributes.get("task", "all curves")), []).append(curve)
    rows = []
    for name, own in ladders.items():
        compared = _of_split(own, settings.split, name)
        row: dict[str, Any] = {"ladder": name, "left_out": len(own) - len(compared)}
        noisy = [curve for curve in compared if "noise_trace" in curve.series]
        row["noise_model"] = summarise_noise(noisy) if noisy else None
        try:
            row |= summarise(compared, settings.irreducible, settings.frontier)
        except LosslawsError as error:
            if row["noise_model"] is None or "problem" in row["noise_model"]:
                raise
            row["problem"] = str(error)
        rows.append(row)
    return rows


def _of_split(curves: Sequence[Curve], split: str | None, ladder: str) -> list[Curve]:
    if split is None:
        return [curve for curve in curves if curve.attributes.get("split") != "test"] or list(curves)
    found = [curve for curve in curves if curve.attributes.get("split") == split]
    if not found:
        raise LosslawsError(
            f"config: collapse.split is {split}, and none of the {len(curves)} curves of {ladder} has that split: "
            "remove it, or train with rows to test on"
        )
    return found


def _frontier(curves: Sequence[Curve], ladder: Sequence[Rung]) -> dict[str, Any]:
    try:
        return summarise_frontier(curves, ladder)
    except LosslawsError as error:
        # What the ladder says of collapse holds without it.
        return {"problem": str(error)}


def _horizons(ladder: Sequence[Rung]) -> dict[str, float | None]:
    try:
        law = fit_horizon_law(np.array([rung.size for rung in ladder]), np.array([rung.horizon for rung in ladder]))
    except LosslawsError:
        # Equal horizons are a way to train; there is no power of size then.
        return {"exponent": 0.0, "unit": None, "error": None}
    return {"exponent": law.exponent, "unit": law.unit, "error": law.error if np.isfinite(law.error) else None}


def _row(entry: Any) -> dict[str, Any]:
    return {"name": entry.name, "mean": entry.mean, "rms": entry.rms, "off": entry.off}


def _drawn(
    ladder: Sequence[Rung], collapsed: Collapse, floor: Array, index: int, deviation: Array
) -> dict[str, object]:
    rung, kept = ladder[index], _thinned(collapsed.x)
    points = np.unique(np.searchsorted(rung.t, np.geomspace(rung.t[0], rung.t[-1], DRAWN)))
    return {
        "label": rung.label,
        "n_params": rung.size,
        "seeds": len(rung.names),
        "horizon": rung.horizon,
        "compute": (rung.size * rung.t[points]).tolist(),
        "loss": rung.loss[:, points].mean(axis=0).tolist(),
        "normalised": collapsed.curves[collapsed.rung == index][:, kept].mean(axis=0).tolist(),
        "floor": floor[index, kept].tolist(),
        "deviation": deviation[kept].tolist(),
    }


def _thinned(x: Array) -> Any:
    return slice(None, None, max(1, x.size // DRAWN))
