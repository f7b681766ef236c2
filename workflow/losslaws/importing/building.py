"""The rules that make a curve of collected points: t summed up, rows overwritten, thinning, attributes."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from losslaws.config.sources import Import
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve, Scalar
from losslaws.curves.vocabulary import ATTRIBUTES
from losslaws.importing.collect import NOT_POSITIVE, Points
from losslaws.importing.columns import CUMULATIVE
from losslaws.importing.points import cumulative_rate, last_of_equal, looks_mixed, standing, thinned

REPEATED = "row(s) followed by one with the same t skipped"
OVERWRITTEN = "row(s) overwritten by later ones with the same or a smaller t skipped"
THINNED = "point(s) left out by every: or most:"
NOT_A_NUMBER = "attribute(s) skipped that should be a number"
NOT_WHOLE = "attribute(s) skipped that should be a whole number"
OTHER_UNIT = 100.0
"""How far apart the ends of curves are that count epochs in fractions and of those that count steps, at least."""


def build_curve(
    points: Points,
    name: str,
    place: str,
    entry: Import,
    known: Mapping[str, str | None],
    skipped: Counter[str],
) -> Curve:
    """Return the curve of collected points, and count in `skipped` what is left out.

    Parameters
    ----------
    points : Points
        In the order of the rows.
    name : str
        Name of the curve.
    place : str
        The source with its files, for errors.
    entry : Import
        The source.
    known : mapping
        Values of attributes; None for one that is not constant.
    skipped : Counter
        Counts by reason.

    Raises
    ------
    LosslawsError
        If the points look like several curves in one.
    """
    points = _standing(points, name, place, skipped)
    if entry.t == CUMULATIVE:
        points = _summed(points, skipped)
    kept = thinned(points.t, entry.every, entry.most)
    skipped[THINNED] += points.t.size - kept.size
    points = points.at(kept) if kept.size < points.t.size else points
    return Curve(name, points.t, points.loss, _attributes(str(entry.name), known, skipped), points.series)


def _standing(points: Points, name: str, place: str, skipped: Counter[str]) -> Points:
    """Leave out rows that are repeated or overwritten, so that t increases strictly."""
    if (np.diff(points.t) > 0).all():
        return points
    if looks_mixed(points.t):
        raise LosslawsError(
            f"{place}: curve {name!r} looks like several curves in one, because t repeats, goes back or starts over "
            f"in its {points.t.size:,} rows: name the columns that tell them apart with curve:, or another t:"
        )
    return _strictly_increasing(points, skipped)


def _strictly_increasing(points: Points, skipped: Counter[str]) -> Points:
    last = last_of_equal(points.t)
    skipped[REPEATED] += int((~last).sum())
    points = points.at(last)
    stands = standing(points.t)
    skipped[OVERWRITTEN] += int((~stands).sum())
    return points.at(stands)


def _summed(points: Points, skipped: Counter[str]) -> Points:
    """Return points with the cumulative learning rate as t; without one there is no point."""
    if "lr" not in points.series:
        return points.at(np.zeros(0, np.int64))
    points = points._replace(t=cumulative_rate(points.t, points.series["lr"]))
    positive = points.t > 0
    skipped[NOT_POSITIVE] += int((~positive).sum())
    return _strictly_increasing(points.at(positive), skipped)


def _attributes(source: str, known: Mapping[str, str | None], skipped: Counter[str]) -> dict[str, Scalar]:
    """Return a curve's attributes; a number that is not one is left out and counted."""
    found: dict[str, Scalar] = {"task": source}
    for name, text in known.items():
        if text is None:
            continue
        kind = ATTRIBUTES[name].type
        value = text if kind == pa.string() else _number(text) if kind == pa.float64() else _whole_number(text)
        if value is None:
            skipped[NOT_A_NUMBER if kind == pa.float64() else NOT_WHOLE] += 1
        else:
            found[name] = value
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _whole_number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        number = _number(text)
        return int(number) if number is not None and number.is_integer() else None


def check_units(place: str, curves: Sequence[Curve]) -> None:
    """Refuse curves of which some seem to count steps and others fractions of epochs.

    They do if t is whole in some curves and fractional in others, and every fractional one ends at less than a
    hundredth of where the first of the whole ones ends.

    Raises
    ------
    LosslawsError
        If that is so; with a curve of each kind.
    """
    whole = [curve for curve in curves if (curve.t == np.floor(curve.t)).all()]
    fractional = [curve for curve in curves if not (curve.t == np.floor(curve.t)).all()]
    if not (whole and fractional):
        return
    steps = min(whole, key=lambda curve: curve.t[-1])
    epochs = max(fractional, key=lambda curve: curve.t[-1])
    if steps.t[-1] > OTHER_UNIT * epochs.t[-1]:
        raise LosslawsError(
            f"{place}: t seems to have several units, because curve {steps.name!r} has whole numbers up to "
            f"{steps.t[-1]:g} and curve {epochs.name!r} fractions up to {epochs.t[-1]:g}: import them as two sources"
        )
