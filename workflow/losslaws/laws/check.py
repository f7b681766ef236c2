"""Is a law of the user's own sound? Each mistake is told in one sentence."""

import inspect
import math
from collections.abc import Iterator, Mapping

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.laws.law import Law, Preset, Shape, Terms, as_terms, numerical_gradient

PRESETS: tuple[Preset, ...] = ("paper", "wide")
TRIALS = 7
POINTS = 50
"""The law is tried at this many sets of shapes, on this many points."""

AGREEMENT = 1e-3
"""A gradient is wrong if it is off by this much, relative to its largest value on the trial points."""

ROUNDING = 1e-8
"""What differences of the log-basis cannot tell, relative to its size over the shape's."""


def check(law: object) -> None:
    """Check what a law says of itself, and try it within its bounds.

    A law that is not defined there passes: its fits have a status.

    Raises
    ------
    LosslawsError
        If it is not a Law; if names are double, unknown or in another order; if bounds are missing or the wrong way
        round; if the log-basis fails or has the wrong shape; if the gradient is not its derivative.
    """
    if not isinstance(law, Law):
        raise LosslawsError(f"LAW is of type {type(law).__name__}; expected a losslaws.laws.law.Law")
    if not (isinstance(law.shapes, tuple) and all(isinstance(shape, Shape) for shape in law.shapes)):
        raise LosslawsError(f"shapes is {law.shapes!r}; expected a tuple of Shape, such as (Shape(...),)")
    _check_names(law)
    _check_arguments(law)
    t: Array = np.arange(1.0, 1.0 + POINTS) + max(law.t_above, 0.0)
    for shape in law.shapes:
        _check_bounds(shape, t)
    for shapes in _trials(law, t):
        terms = _log_basis(law, t, shapes)
        if len(terms) != len(law.amplitudes):
            raise LosslawsError(f"log_basis returns {len(terms)} terms; expected one for each of {law.amplitudes}")
        if law.gradient is not None:
            _check_gradient(law, t, shapes, terms)


def _check_names(law: Law) -> None:
    double = {name for name in law.parameters if law.parameters.count(name) > 1}
    if double:
        raise LosslawsError(f"the parameter {double.pop()!r} is there twice; expected every name once")
    if law.exponent not in law.parameters:
        raise LosslawsError(f"exponent is {law.exponent!r}; expected one of {', '.join(law.parameters)}")
    if len(law.amplitudes) not in (1, 2):
        raise LosslawsError(f"amplitudes has {len(law.amplitudes)} names; expected one or two")
    names = [shape.name for shape in law.shapes]
    for name in [limit.shape for limit in law.limits] + list(law.ordered):
        if name not in names:
            raise LosslawsError(f"limits or ordered name the shape {name!r}; expected one of {', '.join(names)}")


def _check_arguments(law: Law) -> None:
    """Check that the functions take t and the shapes, and none in another's place."""
    names = [shape.name for shape in law.shapes]
    for what, function in (("log_basis", law.log_basis), ("gradient", law.gradient)):
        if function is None:
            continue
        signature = inspect.signature(function)
        taken = list(signature.parameters)
        try:
            signature.bind("t", *names)
        except TypeError:
            raise LosslawsError(
                f"{what} takes ({', '.join(taken)}); expected t and one argument per shape ({', '.join(names)})"
            ) from None
        misplaced = any(own in names and own != name for own, name in zip(taken[1:], names, strict=False))
        if misplaced:
            raise LosslawsError(f"{what} takes ({', '.join(taken)}); expected the order of shapes, {', '.join(names)}")


def _check_bounds(shape: Shape, t: Array) -> None:
    if isinstance(shape.bounds, Mapping):
        for preset in PRESETS:
            if preset not in shape.bounds:
                raise LosslawsError(
                    f"the shape {shape.name} has no bounds {preset!r}; give a pair for 'paper' and one for 'wide', or "
                    "one pair alone for both"
                )
    for preset in PRESETS:
        bounds = shape.bounds_on(preset, t)
        try:
            lower, upper = (float(edge) for edge in bounds)
        except (TypeError, ValueError):
            lower = upper = math.nan
        if not (lower < upper and math.isfinite(lower) and math.isfinite(upper)):
            raise LosslawsError(
                f"the shape {shape.name} has the bounds {bounds!r}; expected two finite numbers, the lower first"
            )


def _trials(law: Law, t: Array) -> Iterator[tuple[float, ...]]:
    """Yield sets of shapes within the published bounds, low with low and low with high."""
    axes = []
    for number, shape in enumerate(law.shapes):
        lower, upper = shape.bounds_on("paper", t)
        if lower >= 0:
            axis = np.geomspace(max(lower, 1e-6 * upper), upper, TRIALS + 2)[1:-1]
        else:
            axis = np.linspace(lower, upper, TRIALS + 2)[1:-1]
        axes.append([axis, axis if number % 2 == 0 else axis[::-1]])
    for axis_set in zip(*axes, strict=True):
        yield from (tuple(map(float, shapes)) for shapes in zip(*axis_set, strict=True))
    if not axes:
        yield ()


def _log_basis(law: Law, t: Array, shapes: tuple[float, ...]) -> tuple[Array, ...]:
    """Return the log-bases, for shapes of shape (1, 1), as the search calls for them."""
    columns = [np.full((1, 1), shape) for shape in shapes]
    try:
        with np.errstate(all="ignore"):
            terms = as_terms(law.log_basis(t, *columns))
            return tuple(np.broadcast_to(np.asarray(g, dtype=np.float64), (1, t.size)) for g in terms)
    except Exception as error:
        raise LosslawsError(f"log_basis fails at {_point(law, shapes)}: {type(error).__name__}: {error}") from error


def _check_gradient(law: Law, t: Array, shapes: tuple[float, ...], terms: tuple[Array, ...]) -> None:
    assert law.gradient is not None
    columns = [np.full((1, 1), shape) for shape in shapes]
    try:
        with np.errstate(all="ignore"):
            entries: tuple[Terms, ...] = law.gradient(t, *columns)
            theirs = [[np.broadcast_to(slope, (1, t.size)) for slope in as_terms(entry)] for entry in entries]
    except Exception as error:
        raise LosslawsError(f"gradient fails at {_point(law, shapes)}: {type(error).__name__}: {error}") from error
    if [len(entry) for entry in theirs] != [len(terms)] * len(shapes):
        raise LosslawsError(
            f"gradient returns {len(theirs)} entries; expected one per shape, each like log_basis: a tuple, "
            "such as (-t,), also for one shape"
        )
    with np.errstate(all="ignore"):
        ours = [as_terms(entry) for entry in numerical_gradient(law)(t, *columns)]
    for shape, value, entry, other in zip(law.shapes, shapes, theirs, ours, strict=True):
        for g, slope, difference in zip(terms, entry, other, strict=True):
            known = np.isfinite(slope) & np.isfinite(difference)
            if not known.any():
                continue
            largest = np.abs(difference[known]).max()
            allowed = AGREEMENT * largest + ROUNDING * np.abs(g[known]).max() / (abs(value) or 1.0)
            if np.abs(slope - difference)[known].max() > allowed:
                raise LosslawsError(
                    f"gradient is not the derivative of log_basis with respect to {shape.name} at "
                    f"{_point(law, shapes)}; correct it, or leave it out"
                )


def _point(law: Law, shapes: tuple[float, ...]) -> str:
    return ", ".join(f"{shape.name} = {value:.3g}" for shape, value in zip(law.shapes, shapes, strict=True)) or "any t"
