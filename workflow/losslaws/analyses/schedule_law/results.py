"""What the analysis finds: records of ``schedule_law.json``, which the report and the figures are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

Floats = tuple[float, ...]


@dataclass(frozen=True)
class Scores:
    """Metrics of one predicted curve, or their averages over several.

    Attributes
    ----------
    r2 : float or None
        1 − Σ(prediction − loss)²/Σ(loss − mean)²; None for a constant loss.
    mae, rmse : float
        Mean absolute error, and root of the mean squared error, in units of the loss.
    mean_relative, worst_relative : float
        Mean and largest |prediction − loss|/loss.
    """

    r2: float | None
    mae: float
    rmse: float
    mean_relative: float
    worst_relative: float


def average(several: Sequence[Scores]) -> Scores:
    """Return the plain mean of each metric over curves, as published (the worst error too is averaged).

    R² is averaged over the curves that have one.
    """
    r2 = [entry.r2 for entry in several if entry.r2 is not None]
    return Scores(
        r2=fmean(r2) if r2 else None,
        mae=fmean(entry.mae for entry in several),
        rmse=fmean(entry.rmse for entry in several),
        mean_relative=fmean(entry.mean_relative for entry in several),
        worst_relative=fmean(entry.worst_relative for entry in several),
    )


@dataclass(frozen=True)
class Parameter:
    """A fitted parameter, with its standard error where it has one."""

    name: str
    value: float
    error: float | None


@dataclass(frozen=True)
class PredictedCurve:
    """One curve under a fitted law.

    Attributes
    ----------
    curve : str
        Its name.
    fitted : bool
        Whether the law was fitted to it.
    scores : Scores
        The metrics.
    step, lr, loss, prediction : tuple of float
        Its records.
    """

    curve: str
    fitted: bool
    scores: Scores
    step: Floats
    lr: Floats
    loss: Floats
    prediction: Floats


@dataclass(frozen=True)
class HeldOutCurve:
    """One curve under a fit to all others."""

    curve: str
    scores: Scores


@dataclass(frozen=True)
class LawFindings:
    """A law fitted to all curves but those to predict.

    Attributes
    ----------
    law, formula : str
        Which law.
    objective : float
        Σ huber(ln prediction − ln loss).
    parameters : tuple of Parameter
        All of them.
    at_bound : tuple of str
        Parameters on a bound.
    curves : tuple of PredictedCurve
        Those fitted, then those to predict.
    held_out : tuple of HeldOutCurve
        Each curve predicted from all others, where none are to be predicted and there are enough.
    """

    law: str
    formula: str
    objective: float
    parameters: tuple[Parameter, ...]
    at_bound: tuple[str, ...]
    curves: tuple[PredictedCurve, ...]
    held_out: tuple[HeldOutCurve, ...]


@dataclass(frozen=True)
class Plan:
    """The schedule that is asked for.

    Attributes
    ----------
    length : int
        Number of steps.
    peak : float
        The highest learning rate, at the end of the warm-up.
    warmup : int
        Steps of the linear warm-up from 0.
    end : float
        Final rate of the cosine and the WSD schedules to compare with, relative to the peak.
    drops : {"peak", "start"}
        The convention that the law was fitted with.
    """

    length: int
    peak: float
    warmup: int
    end: float = 0.1
    drops: Literal["peak", "start"] = "peak"


@dataclass(frozen=True)
class Comparison:
    """A schedule's predicted final loss.

    Attributes
    ----------
    name : str
        ``designed`` or the name of the schedule that it is compared with.
    loss : float
        Under the fit.
    low, high : float
        5% and 95% quantiles over refits with random weights of the runs.
    excess, excess_low, excess_high : float
        How much higher than that of the designed schedule it is, and the quantiles of that.
    """

    name: str
    loss: float
    low: float
    high: float
    excess: float
    excess_low: float
    excess_high: float


@dataclass(frozen=True)
class NamedSchedule:
    """A schedule, linear between its steps."""

    name: str
    step: Floats
    lr: Floats


@dataclass(frozen=True)
class Design:
    """The schedule that a law chooses.

    Attributes
    ----------
    law : str
        The law with the lowest objective of those that depend on the schedule.
    plan : Plan
        Length, peak and warm-up.
    comparison : tuple of Comparison
        The designed schedule first.
    warnings : tuple of str
        In what it leaves the range of the runs.
    schedules : tuple of NamedSchedule
        The same schedules as in `comparison`.
    low, high : tuple of float
        5% and 95% quantiles of the rates that refits would choose, at the steps of the designed schedule.
    """

    law: str
    plan: Plan
    comparison: tuple[Comparison, ...]
    warnings: tuple[str, ...]
    schedules: tuple[NamedSchedule, ...]
    low: Floats
    high: Floats

    @property
    def designed(self) -> NamedSchedule:
        """The chosen schedule."""
        return self.schedules[0]


@dataclass(frozen=True)
class ScheduleFindings:
    """All that is said of an experiment's schedules.

    Attributes
    ----------
    laws : tuple of LawFindings
        In the order of the configuration.
    design : Design or None
        The chosen schedule.
    no_design : str or None
        Why there is none.
    """

    laws: tuple[LawFindings, ...]
    design: Design | None
    no_design: str | None


@dataclass(frozen=True)
class ScoreRow:
    """A row of ``tables/schedule_law.csv``."""

    law: str
    curve: str
    role: Literal["fitted", "predicted", "held_out"]
    scores: Scores


def score_rows(found: ScheduleFindings) -> list[ScoreRow]:
    """Return how each law scores on each curve: those fitted or predicted, then those held out."""
    rows = []
    for entry in found.laws:
        for curve in entry.curves:
            rows.append(ScoreRow(entry.law, curve.curve, "fitted" if curve.fitted else "predicted", curve.scores))
        rows += [ScoreRow(entry.law, held.curve, "held_out", held.scores) for held in entry.held_out]
    return rows
