"""The comparison of all sizes of a ladder, and the noise model of its runs."""

from collections.abc import Sequence

import numpy as np

from losslaws.analyses.collapse.frontier import find_frontier
from losslaws.analyses.collapse.ladder import Rung, ladder_compute_law, ladder_horizon_law, ladder_of
from losslaws.analyses.collapse.noise_model import find_noise_model, has_noise
from losslaws.analyses.collapse.normalised import (
    DeviatingGroup,
    NormalisedCurves,
    deviations,
    noise_floor,
    normalise,
    supercollapse,
    trend,
)
from losslaws.analyses.collapse.results import Comparison, DrawnRung, Floats, Frontier, LadderFindings, NoiseFindings
from losslaws.analyses.collapse.settings import Settings
from losslaws.analyses.work import Work
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.curves.thinning import log_points
from losslaws.storage.records import write_record

DRAWN = 250
"""Points per curve that are kept for the figure."""

REPORTED_AT = 0.75
"""The x at which Δ and σ are reported, as published."""


def compare(work: Work[Settings]) -> None:
    """Write what the ladders of an experiment say."""
    write_record(work.output("found"), compare_ladders(work.curves(), work.settings))


def compare_ladders(curves: Sequence[Curve], settings: Settings) -> list[LadderFindings]:
    """Return what the curves of each task, or import, say.

    Raises
    ------
    LosslawsError
        If there are no curves of the split, or the curves lack something and there is no noise model either.
    """
    ladders: dict[str, list[Curve]] = {}
    for curve in curves:
        ladders.setdefault(str(curve.attributes.get("task", "all curves")), []).append(curve)
    return [_find(name, own, settings) for name, own in ladders.items()]


def _find(name: str, curves: Sequence[Curve], settings: Settings) -> LadderFindings:
    compared = _of_split(curves, settings.split, name)
    noise_model, no_noise_model = _noise_model(compared)
    comparison, problem = None, None
    try:
        comparison = compare_sizes(compared, settings.irreducible, settings.frontier)
    except LosslawsError as error:
        if noise_model is None:
            raise
        problem = str(error)
    return LadderFindings(name, len(curves) - len(compared), comparison, problem, noise_model, no_noise_model)


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


def _noise_model(curves: Sequence[Curve]) -> tuple[NoiseFindings | None, str | None]:
    noisy = [curve for curve in curves if has_noise(curve)]
    if not noisy:
        return None, None
    try:
        return find_noise_model(noisy), None
    except LosslawsError as error:
        return None, str(error)


def compare_sizes(curves: Sequence[Curve], irreducible: float | None = None, frontier: bool = False) -> Comparison:
    """Return what the curves of a ladder say about collapse.

    Parameters
    ----------
    curves : sequence of Curve
        Two sizes or more, three if L0 is to be fitted, two seeds of each.
    irreducible : float, optional
        L0, if it is known; fitted to the final losses otherwise.
    frontier : bool
        Whether to find compute-optimal horizons.

    Raises
    ------
    LosslawsError
        If the curves lack something (see the modules of this folder).
    """
    ladder = ladder_of(curves)
    law = ladder_compute_law(ladder) if irreducible is None else None
    level = irreducible if law is None else law.irreducible
    assert level is not None
    normalised, floor = normalise(ladder, level), noise_floor(ladder, level)
    mean_floor = floor.mean(axis=0)
    widths = deviations(normalised, [ladder[index].label for index in normalised.rung], float(mean_floor.mean()))
    runs = deviations(normalised, [name for rung in ladder for name in rung.names], float(mean_floor.mean()))
    found, no_frontier = _frontier(curves, ladder) if frontier else (None, None)
    return Comparison(
        irreducible=level,
        compute_law=law,
        horizons=ladder_horizon_law(ladder),
        frontier=found,
        no_frontier=no_frontier,
        at=REPORTED_AT,
        spread_at=normalised.at(REPORTED_AT),
        floor_at=float(np.interp(REPORTED_AT, normalised.x, mean_floor)),
        supercollapse=supercollapse(normalised, floor),
        trend=trend([rung.size for rung in ladder], widths),
        widths=tuple(width.summary for width in widths),
        runs=tuple(run.summary for run in runs),
        x=_drawn(normalised.x),
        spread=_drawn(normalised.spread),
        floor=_drawn(mean_floor),
        rungs=_rungs(ladder, normalised, floor, widths),
    )


def _frontier(curves: Sequence[Curve], ladder: Sequence[Rung]) -> tuple[Frontier | None, str | None]:
    try:
        return find_frontier(curves, ladder), None
    except LosslawsError as error:
        # What the ladder says of collapse holds without it.
        return None, str(error)


def _rungs(
    ladder: Sequence[Rung], normalised: NormalisedCurves, floor: Array, widths: Sequence[DeviatingGroup]
) -> tuple[DrawnRung, ...]:
    drawn = []
    for index, rung in enumerate(ladder):
        points = log_points(rung.t, DRAWN)
        drawn.append(
            DrawnRung(
                label=rung.label,
                n_params=rung.size,
                seeds=len(rung.names),
                horizon=rung.horizon,
                compute=tuple((rung.size * rung.t[points]).tolist()),
                loss=tuple(rung.loss[:, points].mean(axis=0).tolist()),
                normalised=_drawn(normalised.curves[normalised.rung == index].mean(axis=0)),
                floor=_drawn(floor[index]),
                deviation=_drawn(widths[index].curve),
            )
        )
    return tuple(drawn)


def _drawn(values: Array) -> Floats:
    """Return a few of the values on the common grid of x."""
    return tuple(values[:: max(1, values.size // DRAWN)].tolist())
