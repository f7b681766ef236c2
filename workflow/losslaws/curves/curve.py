"""A loss curve: the record, and what has to be true of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.vocabulary import ATTRIBUTES, RESERVED, SERIES

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Curve:
    """One loss curve.

    Attributes
    ----------
    name : str
        Unique in its file: ``mod_add_w32_s42``.
    t : ndarray of shape (n,)
        Epoch, step, or any other measure of progress: positive, strictly increasing.
    loss : ndarray of shape (n,)
        The loss at `t`; NaN or infinite where training diverged.
    attributes : mapping of str to str, int, float or bool
        What is known of the curve as a whole: ``task``, ``width``, ``seed``, … Names in
        :mod:`losslaws.curves.vocabulary` have the type given there; any other name is free.
    series : mapping of str to ndarray of shape (n,)
        What else is known at each `t`: ``lr``, ``accuracy``, …; NaN where unknown.
    """

    name: str
    t: Array
    loss: Array
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    series: Mapping[str, Array] = field(default_factory=dict)


def check_curves(curves: Sequence[Curve], source: str | Path) -> None:
    """Check what every reader of a curve table relies on.

    Raises
    ------
    LosslawsError
        If there are no curves, or a curve has no name, a name twice, unequal lengths, no points, or t that is not
        positive, finite and strictly increasing; if a series or an attribute has the name of something else, or an
        attribute a value that is not of its type.
    """
    if not curves:
        raise LosslawsError(f"{source}: there are no curves")
    seen: set[str] = set()
    for curve in curves:
        problem = _problem(curve, seen) or _series_problem(curve) or _attribute_problem(curve)
        if problem:
            raise LosslawsError(f"{source}: curve {curve.name!r} {problem}")
        seen.add(curve.name)
    both = {name for curve in curves for name in curve.series} & {name for curve in curves for name in curve.attributes}
    if both:
        raise LosslawsError(f"{source}: {min(both)!r} is a series and an attribute; rename one of them")


def _problem(curve: Curve, seen: set[str]) -> str | None:
    if not curve.name:
        return "has an empty name"
    if curve.name in seen:
        return "appears twice; names must be unique in a file"
    if curve.t.ndim != 1 or curve.t.shape != curve.loss.shape:
        return f"has {curve.t.size} values of t for {curve.loss.size} losses"
    if curve.t.size == 0:
        return "has no points"
    if not (np.isfinite(curve.t).all() and curve.t[0] > 0 and (np.diff(curve.t) > 0).all()):
        return "needs t that is finite, above 0 and strictly increasing"
    return None


def _series_problem(curve: Curve) -> str | None:
    for name, values in curve.series.items():
        if name in RESERVED or name in ATTRIBUTES:
            return f"has a series {name!r}, which is the name of {_owner(name)}; rename it"
        if values.shape != curve.t.shape:
            return f"has {values.size} values of {name} for {curve.t.size} values of t"
    return None


def _attribute_problem(curve: Curve) -> str | None:
    for name, value in curve.attributes.items():
        if name in RESERVED or name in SERIES:
            return f"has an attribute {name!r}, which is the name of {_owner(name)}; rename it"
        kind = kind_of(value)
        if kind is None:
            return f"has the attribute {name} {value!r}; expected text, a number, true or false"
        if name in ATTRIBUTES and not fits(kind, ATTRIBUTES[name].type):
            return f"has the attribute {name} {value!r}; expected {EXPECTED[ATTRIBUTES[name].type]}"
    return None


def _owner(name: str) -> str:
    return "an attribute" if name in ATTRIBUTES else "a series" if name in SERIES else "a column of the curve table"


EXPECTED = {pa.string(): "text", pa.int64(): "a whole number", pa.float64(): "a number", pa.bool_(): "true or false"}
"""The types of attributes, and what a message calls their values."""


def kind_of(value: object) -> pa.DataType | None:
    """Return the type that a value of an attribute has in a table, None if it is of no such type."""
    for types, kind in (
        ((bool, np.bool_), pa.bool_()),
        ((int, np.integer), pa.int64()),
        ((float, np.floating), pa.float64()),
        (str, pa.string()),
    ):
        if isinstance(value, types):
            return kind
    return None


def fits(kind: pa.DataType, wanted: pa.DataType) -> bool:
    """Say whether a value of one type can be stored as another: a whole number is a number too."""
    return bool(kind == wanted or (kind == pa.int64() and wanted == pa.float64()))
