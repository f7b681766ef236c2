"""Attempts of a back-test: forecasts of the ends of curves from their starts, and the files they are kept in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.core.progress import Progress
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.forecasting.candidates import Candidate, candidates_of, load_laws
from losslaws.forecasting.combination import combine
from losslaws.forecasting.prefixes import MIN_POINTS, Prefixes, fit_prefixes, spread_evenly
from losslaws.forecasting.schedule_ahead import schedule_after
from losslaws.laws.law import Law
from losslaws.storage import files as storage

FRACTIONS = (0.2, 0.33, 0.5, 0.7)
"""Fractions of a curve's points that a forecast starts from."""

COMBINATION, LAST_VALUE, POWER_LAW = "combination", "last_value", "power_law"
"""Forecasters that every back-test has; the others are further laws, each fitted to all seen points."""

MAX_LATER = 32
"""A forecast is compared with no more than so many later points, evenly spaced, the last one included."""

BATCH = 2**18
"""Points of curves that are fitted together, at most: it bounds the memory."""


@dataclass(frozen=True)
class Attempt:
    """The forecast of one forecaster from one prefix of one curve.

    Attributes
    ----------
    curve : str
        The curve's name.
    schedule : str
        A key of ``losslaws.forecasting.schedule_ahead.SCHEDULES``.
    fraction : float
        The fraction of the points that was seen.
    n_seen : int
        How many those are.
    t_seen : float
        The last t that was seen.
    forecaster : str
        A law, `COMBINATION` or `LAST_VALUE`.
    weight : float
        Of a law, with all its candidates, in the combination; NaN for the others.
    t, loss, forecast, scale : ndarray of shape (m,)
        Later points, their predictions, and the expected errors of those.
    """

    curve: str
    schedule: str
    fraction: float
    n_seen: int
    t_seen: float
    forecaster: str
    weight: float
    t: Array
    loss: Array
    forecast: Array
    scale: Array


SCHEMA = pa.schema(
    [
        ("curve", pa.string()),
        ("schedule", pa.string()),
        ("fraction", pa.float64()),
        ("n_seen", pa.int64()),
        ("t_seen", pa.float64()),
        ("forecaster", pa.string()),
        ("weight", pa.float64()),
        *((name, pa.list_(pa.float64())) for name in ("t", "loss", "forecast", "scale")),
    ]
)


def attempts_table(attempts: Sequence[Attempt]) -> pa.Table:
    """Return attempts as a table, one row each."""
    return pa.Table.from_pylist([vars(attempt) for attempt in attempts], schema=SCHEMA)


def attempts_of(table: pa.Table) -> list[Attempt]:
    """Return the attempts of a table."""
    arrays = ("t", "loss", "forecast", "scale")
    return [
        Attempt(**{**row, **{name: np.array(row[name], dtype=np.float64) for name in arrays}})
        for row in table.to_pylist()
    ]


def read_attempts(paths: Sequence[str | Path]) -> tuple[list[Attempt], list[str]]:
    """Read the attempts of several tables, and the notes on what was left out."""
    tables = [storage.read_table(path) for path in paths]
    attempts = [attempt for table in tables for attempt in attempts_of(table)]
    return attempts, [note for table in tables for note in storage.origin_of(table)["notes"]]


def make_attempts(
    curves: Sequence[Curve], laws: Sequence[str] | None = None, fractions: Sequence[float] = FRACTIONS
) -> tuple[list[Attempt], list[str]]:
    """Forecast the end of each curve from each fraction of its points.

    Parameters
    ----------
    curves : sequence of Curve
        Those that share their t are fitted together.
    laws : sequence of str or None
        Names of the laws; None for `losslaws.forecasting.candidates.DEFAULT_LAWS`.
    fractions : sequence of float
        Fractions of the points that are seen, between 0 and 1.

    Returns
    -------
    attempts : list of Attempt
        In the order of the curves, fractions, and forecasters.
    notes : list of str
        One sentence for each curve, and each fraction of one, that was left out.

    Raises
    ------
    LosslawsError
        On a fraction that is not between 0 and 1, an unknown law, or curves none of which can be used.
    """
    for fraction in fractions:
        if not 0 < fraction < 1:
            raise LosslawsError(f"fractions: is {fraction}; expected shares of a curve, above 0 and below 1")
    chosen = load_laws(laws)
    notes = [note for curve in curves for note in _problems(curve, fractions)]
    found: dict[tuple[int, float], list[Attempt]] = {}
    progress = Progress("forecasts of the back-test", len(curves) * len(fractions))
    for numbers in _batches(curves):
        batch = [curves[number] for number in numbers]
        for fraction in fractions:
            seen = round(fraction * batch[0].t.size)
            if MIN_POINTS <= seen < batch[0].t.size:
                for number, own in zip(numbers, _attempts(chosen, batch, fraction, seen), strict=True):
                    found[number, fraction] = own
            progress.add(len(numbers))
    if not found:
        raise LosslawsError(
            "no curve can be back-tested: " + (notes[0] if notes else "there are no curves; give one at least")
        )
    order = sorted(found, key=lambda key: (key[0], list(fractions).index(key[1])))
    return [attempt for key in order for attempt in found[key]], notes


def _problems(curve: Curve, fractions: Sequence[float]) -> Iterator[str]:
    """Say why a curve, or some of its prefixes, are left out."""
    if not np.isfinite(curve.loss).all():
        place = curve.t[~np.isfinite(curve.loss)][0]
        yield f"curve {curve.name!r} left out: its loss is not finite at t = {place:g}"
        return
    short = [fraction for fraction in fractions if not MIN_POINTS <= round(fraction * curve.t.size) < curve.t.size]
    if short:
        shares = ", ".join(f"{fraction:g}" for fraction in short)
        yield (
            f"curve {curve.name!r} not tried at {shares}: of its {curve.t.size} points a prefix needs {MIN_POINTS} at "
            "least, and one after it"
        )


def _batches(curves: Sequence[Curve]) -> Iterator[list[int]]:
    """Yield numbers of usable curves that share their t, so many at a time that memory is bounded."""
    members: dict[bytes, list[int]] = {}
    for number, curve in enumerate(curves):
        if np.isfinite(curve.loss).all():
            members.setdefault(curve.t.tobytes(), []).append(number)
    for numbers in members.values():
        size = max(1, BATCH // curves[numbers[0]].t.size)
        yield from (numbers[start : start + size] for start in range(0, len(numbers), size))


@dataclass(frozen=True)
class _Prediction:
    """What a forecaster predicts for N curves, shape (N, m), and the expected errors."""

    loss: Array
    scale: Array


def _attempts(laws: Sequence[Law], curves: Sequence[Curve], fraction: float, seen: int) -> list[list[Attempt]]:
    """Return the attempts for each curve of a batch with common t, from its first `seen` points."""
    t = curves[0].t
    losses = np.stack([curve.loss for curve in curves])
    combined = candidates_of(laws)
    # A plain power law is there for comparison, even where it is not combined.
    extra = [] if any(law.name == POWER_LAW for law in laws) else [Candidate(LAWS.load(POWER_LAW), 0.0)]
    candidates = [*combined, *extra]
    prefixes = fit_prefixes(candidates, t[:seen], losses[:, :seen])
    later = spread_evenly(seen, t.size, MAX_LATER)
    members = {COMBINATION: list(range(len(combined))), **_single_laws(candidates), LAST_VALUE: [-1]}
    predictions = _predictions(prefixes, members, t[later])
    weights = _law_weights(prefixes, combined)
    return [
        [
            Attempt(
                curve=curve.name,
                schedule=schedule_after(curve.series.get("lr"), seen),
                fraction=fraction,
                n_seen=seen,
                t_seen=float(t[seen - 1]),
                forecaster=name,
                weight=float(weights[name][row]) if name in weights else float("nan"),
                t=t[later],
                loss=losses[row, later],
                forecast=prediction.loss[row],
                scale=prediction.scale[row],
            )
            for name, prediction in predictions.items()
        ]
        for row, curve in enumerate(curves)
    ]


def _single_laws(candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    """Return for each law the number of the candidate that is fitted to all points."""
    return {candidate.law.name: [number] for number, candidate in enumerate(candidates) if candidate.skip == 0}


def _law_weights(prefixes: Prefixes, combined: Sequence[Candidate]) -> dict[str, Array]:
    """Return the weight in the combination of each law, with all its candidates, shape (N,)."""
    weights = combine(prefixes, range(len(combined))).weights
    names = [candidate.law.name for candidate in combined]
    return {
        law: np.asarray(weights[[number for number, name in enumerate(names) if name == law]].sum(axis=0))
        for law in dict.fromkeys(names)
    }


def _predictions(prefixes: Prefixes, members: Mapping[str, Sequence[int]], t: Array) -> dict[str, _Prediction]:
    """Return the prediction at `t` of each forecaster, which combines some of the candidates."""
    values = prefixes.values(t)
    combinations = {name: combine(prefixes, numbers) for name, numbers in members.items()}
    return {name: _Prediction(own.centre(values), own.scale(values)) for name, own in combinations.items()}
