"""Fitting a separable law to all records of several runs together, by Huber's loss of log residuals.

The amplitudes are linear, so for given nonlinear parameters their best values for relative residuals follow from least
squares; that makes every combination of starting values worth a look. The best go through a joint polish of the
objective.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, cast

import numpy as np
from scipy.optimize import least_squares, nnls

from losslaws.core.arrays import Array, Mask
from losslaws.core.errors import LosslawsError
from losslaws.fitting.robust import DELTA, huber
from losslaws.laws.separable import Observations, SeparableLaw, X

POLISHED = 6
"""How many starts are polished."""

COARSE, FINE = 1e-8, 1e-15
"""Relative gain in the objective at which the polish stops: of all starts, and of the best."""

SMALLEST = 1e-300
"""Stands for predictions that are not positive, whose logarithm does not exist."""


@dataclass(frozen=True)
class PooledFit(Generic[X]):
    """A law fitted to some runs.

    Attributes
    ----------
    law : SeparableLaw
        The law.
    parameters : dict
        Values by name.
    at_bound : tuple of str
        Parameters that ended on a bound: the fit would be better beyond it, or the amplitude's term is not needed.
    objective : float
        Σ huber(ln prediction − ln y; δ).
    runs : tuple of str
        The names of the runs fitted.
    delta : float
        δ; infinite for least squares.
    """

    law: SeparableLaw[X]
    parameters: dict[str, float]
    at_bound: tuple[str, ...]
    objective: float
    runs: tuple[str, ...]
    delta: float

    def predict(self, x: X) -> Array:
        """Return what the law predicts at the records of x, shape (n,)."""
        return self.law(x, self.parameters)


def objective(
    law: SeparableLaw[X], runs: Sequence[Observations[X]], parameters: Mapping[str, float], delta: float = DELTA
) -> float:
    """Return the objective of given parameters: Σ huber(ln prediction − ln y; δ)."""
    residuals = [_log(law(run.x, parameters)) - np.log(run.y) for run in runs]
    return float(huber(np.concatenate(residuals), delta).sum())


def fit_pooled(
    law: SeparableLaw[X], runs: Sequence[Observations[X]], weights: Array | None = None, delta: float = DELTA
) -> PooledFit[X]:
    """Fit a law to all records of some runs.

    Parameters
    ----------
    law : SeparableLaw
        The law.
    runs : sequence of Observations
        What to fit.
    weights : ndarray of shape (runs,), optional
        How much each run counts; 1 each if not given.
    delta : float
        Where Huber's loss turns from quadratic to linear, in ln y; infinite for least squares of ln y.

    Raises
    ------
    LosslawsError
        If there are fewer records than parameters, or two runs have one name.
    """
    _check(law, runs)
    problem = Problem(law, runs, weights, delta)
    shapes = law.start_coordinates([run.x for run in runs])
    points, costs = zip(*(problem.projected(start) for start in shapes), strict=True)
    starts = [points[index] for index in np.argsort(costs, kind="stable")[:POLISHED]]
    polished = [problem.polish(start, COARSE) for start in starts]
    return problem.result(problem.polish(min(polished, key=problem.cost), FINE))


def refit(fit: PooledFit[X], runs: Sequence[Observations[X]], weights: Array | None = None) -> PooledFit[X]:
    """Fit the law of `fit` to other runs or weights, from its optimum alone: for bootstrap replicates."""
    problem = Problem(fit.law, runs, weights, fit.delta)
    return problem.result(problem.polish(problem.point(fit.parameters), COARSE))


def leave_one_out(law: SeparableLaw[X], runs: Sequence[Observations[X]]) -> Iterator[PooledFit[X]]:
    """Yield for each run the fit to all others.

    Raises
    ------
    LosslawsError
        If there is only one run, or the others have fewer records than the law has parameters.
    """
    if len(runs) < 2:
        raise LosslawsError(f"{runs[0].name!r} is the only curve, and holding it out leaves none to fit: add another")
    for run in runs:
        yield fit_pooled(law, [other for other in runs if other is not run])


def _check(law: SeparableLaw[X], runs: Sequence[Observations[X]]) -> None:
    records, needed = sum(run.y.size for run in runs), len(law.parameters)
    if records < needed:
        raise LosslawsError(
            f"{records} records in {len(runs)} curves are too few for a law of {needed} parameters: fit more curves"
        )
    names = [run.name for run in runs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LosslawsError(f"curve {twice[0]!r} is among the curves twice: name every curve once")


class Problem(Generic[X]):
    """A law and the runs that it is fitted to.

    A point of the search is the amplitudes, each times the norm of its column, and the coordinates of the nonlinear
    parameters. With the norm in it an amplitude hardly depends on these, which straightens the valleys of the
    objective.
    """

    def __init__(
        self,
        law: SeparableLaw[X],
        runs: Sequence[Observations[X]],
        weights: Array | None = None,
        delta: float = DELTA,
    ) -> None:
        self.law, self.runs, self.delta = law, runs, delta
        self.y = np.concatenate([run.y for run in runs])
        counts = [run.y.size for run in runs]
        self.weights = np.ones(self.y.size) if weights is None else np.repeat(weights, counts)
        self.linear = len(law.amplitudes)
        amplitude_bounds = np.tile([0.0, np.inf], (self.linear, 1))
        self.bounds = np.concatenate([amplitude_bounds, law.coordinate_bounds])

    def columns(self, coordinates: Array) -> tuple[Array, Array]:
        """Return the law's columns at all records with norm 1, shape (q, n), and their norms."""
        shapes = self.law.shapes_at(coordinates)
        columns = np.concatenate([self.law.columns(run.x, shapes) for run in self.runs], axis=-1)
        norms = np.linalg.norm(columns, axis=1)
        norms[norms == 0] = 1.0
        return columns / norms[:, None], norms

    def projected(self, coordinates: Array) -> tuple[Array, float]:
        """Return the point with amplitudes ≥ 0 of the least Σ (prediction/y − 1)², and the objective there."""
        root = np.sqrt(self.weights)
        amplitudes, _ = nnls((self.columns(coordinates)[0] / self.y * root).T, root)
        point = np.concatenate([amplitudes, coordinates])
        return point, self.cost(point)

    def residuals(self, point: Array) -> Array:
        """Return ln prediction − ln y at all records, shape (n,)."""
        prediction = point[: self.linear] @ self.columns(point[self.linear :])[0]
        return np.asarray(_log(prediction) - np.log(self.y))

    def jacobian(self, point: Array) -> Array:
        """Return the derivatives of the residuals by the point, shape (n, parameters)."""
        amplitudes, coordinates = point[: self.linear], point[self.linear :]
        columns, norms = self.columns(coordinates)
        shapes = self.law.shapes_at(coordinates)
        slopes = np.array([shape.slope(value) for shape, value in zip(self.law.shapes, shapes, strict=True)])
        parts = [self.law.derivatives(run.x, shapes) for run in self.runs]
        by_shape = np.concatenate(parts, axis=-1) * slopes[:, None] / norms[:, None, None]
        # The derivative of c/‖c‖ is that of c, over ‖c‖, without its part along c.
        by_shape -= np.einsum("qn,qpn->qp", columns, by_shape)[:, :, None] * columns[:, None, :]
        by_coordinate = np.einsum("q,qpn->pn", amplitudes, by_shape)
        return np.concatenate([columns, by_coordinate]).T / (amplitudes @ columns)[:, None]

    def parameter_jacobian(self, point: Array) -> Array:
        """Return the derivatives of the residuals by the law's parameters, shape (n, parameters)."""
        columns, norms = self.columns(point[self.linear :])
        amplitudes, shapes = point[: self.linear] / norms, self.law.shapes_at(point[self.linear :])
        parts = [self.law.derivatives(run.x, shapes) for run in self.runs]
        by_shape = np.einsum("q,qpn->pn", amplitudes, np.concatenate(parts, axis=-1))
        return np.concatenate([columns * norms[:, None], by_shape]).T / (point[: self.linear] @ columns)[:, None]

    def cost(self, point: Array) -> float:
        """Return Σ weight · huber(residual)."""
        return float(self.weights @ huber(self.residuals(point), self.delta))

    def polish(self, start: Array, gain: float) -> Array:
        """Return a local minimum of the objective within the bounds.

        A weight w on huber(r; δ) is huber(√w·r; √w·δ), so that weights, which the solver does not know, are given to it
        as a penalty of its own.
        """

        def penalty(squares: Array) -> Array:
            """Return ρ(z) = 2·huber(r)/δ² and its two derivatives by z = (r/δ)², each times the weight."""
            far = squares > bend
            root = np.sqrt(np.where(far, squares, 1.0))
            rho = np.where(far, 2 * root - 1, squares), 1 / root, np.where(far, -0.5 / root**3, 0.0)
            return np.stack(rho) * self.weights

        low, high = self.bounds.T
        # Least squares bend nowhere, and the unit of their residuals is free.
        scale, bend = (1.0, np.inf) if np.isinf(self.delta) else (self.delta, 1.0)
        # The solver works in the interior; amplitudes of 0 start a little above.
        inside = np.clip(start, low + 1e-6, high - 1e-6)
        found = least_squares(
            self.residuals,
            inside,
            self.jacobian,
            bounds=(low, high),
            x_scale="jac",
            loss=cast(Any, penalty),
            f_scale=scale,
            ftol=gain,
            xtol=1e-12,
            gtol=None,
            max_nfev=400,
        )
        return np.asarray(found.x)

    def held(self, point: Array) -> Mask:
        """Return which parameters sit on a bound, shape (parameters,): amplitudes whose terms are negligible too."""
        share = point[: self.linear] / np.linalg.norm(self.y)
        at, (low, high) = point[self.linear :], self.law.coordinate_bounds.T
        return np.concatenate([share < 1e-7, (at < low + 1e-6) | (at > high - 1e-6)])

    def values(self, point: Array) -> Array:
        """Return the parameters of the law at a point."""
        _, norms = self.columns(point[self.linear :])
        return np.concatenate([point[: self.linear] / norms, self.law.shapes_at(point[self.linear :])])

    def point(self, parameters: Mapping[str, float]) -> Array:
        """Return the point of given parameters."""
        coordinates = np.array([shape.coordinate(parameters[shape.name]) for shape in self.law.shapes])
        amplitudes = np.array([parameters[name] for name in self.law.amplitudes])
        return np.concatenate([amplitudes * self.columns(coordinates)[1], coordinates])

    def result(self, point: Array) -> PooledFit[X]:
        """Return the fit at a point."""
        names, held = self.law.parameters, self.held(point)
        point[: self.linear][held[: self.linear]] = 0.0
        at_bound = tuple(name for name, bound in zip(names, held, strict=True) if bound)
        parameters = dict(zip(names, map(float, self.values(point)), strict=True))
        runs = tuple(run.name for run in self.runs)
        return PooledFit(self.law, parameters, at_bound, self.cost(point), runs, self.delta)


def _log(prediction: Array) -> Array:
    return np.log(np.maximum(prediction, SMALLEST))
