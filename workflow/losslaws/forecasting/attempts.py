"""Attempts to foretell the end of curves from their starts, and the files they are kept in."""

from collections.abc import Iterator, Sequence
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
from losslaws.forecasting.prefixes import FEWEST, Prefixes, spread_evenly, study
from losslaws.forecasting.schedule_ahead import schedule_after
from losslaws.laws.law import Law
from losslaws.storage import files as storage

FRACTIONS = (0.2, 0.33, 0.5, 0.7)
"""Shares of a curve's points that are seen."""

COMBINATION, LAST_VALUE, POWER_LAW = "combination", "last_value", "power_law"
"""Forecasters that every back-test has; the others are further laws, each fitted to all that was seen."""

LATER = 32
"""A forecast is compared with no more than so many points of what followed, evenly spaced, the last one included."""

BATCH = 2**18
"""Points of curves that are fitted together, at most: it bounds the memory."""


@dataclass(frozen=True)
class Attempt:
    """One forecaster's try at one prefix of one curve.

    Attributes
    ----------
    curve : str
        The curve's name.
    schedule : str
        A key of ``losslaws.forecasting.schedule_ahead.SCHEDULES``.
    fraction : float
        The share of the points that was seen.
    n_seen : int
        How many those are.
    t_seen : float
        The last t that was seen.
    forecaster : str
        A law, `COMBINATION` or `LAST_VALUE`.
    weight : float
        Of a law, whatever it leaves out, in the combination; NaN for the others.
    t, loss, forecast, scale : ndarray of shape (m,)
        Later points, what was foretold of them, and the expected size of error.
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
    """Foretell the end of each curve from each share of its points.

    Parameters
    ----------
    curves : sequence of Curve
        Those that share their t are fitted together.
    laws : sequence of str or None
        Names of the laws; None for `losslaws.forecasting.candidates.DEFAULT_LAWS`.
    fractions : sequence of float
        Shares of the points that are seen, between 0 and 1.

    Returns
    -------
    attempts : list of Attempt
        In the order of the curves, fractions, and forecasters.
    notes : list of str
        One sentence for each curve, and each share of one, that was left out.

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
        t = curves[numbers[0]].t
        losses = np.stack([curves[number].loss for number in numbers])
        for fraction in fractions:
            seen = round(fraction * t.size)
            if FEWEST <= seen < t.size:
                tries = _attempt(chosen, [curves[number] for number in numbers], t, losses, fraction, seen)
                for number, own in zip(numbers, tries, strict=True):
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
    short = [fraction for fraction in fractions if not FEWEST <= round(fraction * curve.t.size) < curve.t.size]
    if short:
        shares = ", ".join(f"{fraction:g}" for fraction in short)
        yield (
            f"curve {curve.name!r} not tried at {shares}: of its {curve.t.size} points a prefix needs {FEWEST} at "
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


def _attempt(
    laws: Sequence[Law], curves: Sequence[Curve], t: Array, losses: Array, fraction: float, seen: int
) -> list[list[Attempt]]:
    """Return the attempts for each curve of a batch, seen up to point `seen`."""
    candidates = candidates_of(laws)
    together = list(range(len(candidates)))
    if all(law.name != POWER_LAW for law in laws):
        candidates = [*candidates, Candidate(LAWS.load(POWER_LAW), 0.0)]
    teams = {COMBINATION: together, **_plain(candidates), LAST_VALUE: [-1]}
    prefixes = study(candidates, t[:seen], losses[:, :seen])
    check = spread_evenly(seen, t.size, LATER)
    told = _told(prefixes, teams, t[check])
    schedules = [schedule_after(curve.series.get("lr"), seen) for curve in curves]
    weights = combine(prefixes, together).weights
    shares = {law.name: _share(weights, candidates, law.name) for law in laws}
    return [
        [
            Attempt(
                curve=curve.name,
                schedule=schedules[row],
                fraction=fraction,
                n_seen=seen,
                t_seen=float(t[seen - 1]),
                forecaster=name,
                weight=float(shares[name][row]) if name in shares else float("nan"),
                t=t[check],
                loss=losses[row, check],
                forecast=forecast[row],
                scale=scale[row],
            )
            for name, (forecast, scale) in told.items()
        ]
        for row, curve in enumerate(curves)
    ]


def _plain(candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    """Return the number of the candidate of each law that leaves nothing out."""
    return {candidate.law.name: [number] for number, candidate in enumerate(candidates) if candidate.skip == 0}


def _share(weights: Array, candidates: Sequence[Candidate], law: str) -> Array:
    """Return the weight of a law's candidates, shape (N,)."""
    members = [number for number, candidate in enumerate(candidates) if candidate.law.name == law]
    return np.asarray(weights[members].sum(axis=0))


def _told(prefixes: Prefixes, teams: dict[str, list[int]], t: Array) -> dict[str, tuple[Array, Array]]:
    """Return each forecaster's forecasts and expected sizes of error at `t`, shape (N, m) each."""
    values = prefixes.values(t)
    result = {}
    for name, members in teams.items():
        combination = combine(prefixes, members)
        result[name] = combination.centre(values), combination.scale(values)
    return result
