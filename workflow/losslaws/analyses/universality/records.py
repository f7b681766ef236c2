"""What ``results.json`` and ``summary.json`` hold, as records.

Their keys are the words of the original study, `form` for a law and `hidden_size` for a width; they are given here, as
new names of the fields, and nowhere else. Hence structures of msgspec: fields of a dataclass have no second name.
"""

from msgspec import Struct


class LawRecord(Struct, frozen=True, rename={"law": "form"}):
    """One law fitted to one curve; the fields of :class:`losslaws.fitting.fitted.FittedLaw`."""

    law: str
    params: dict[str, float]
    param_names: tuple[str, ...]
    errors: dict[str, float]
    at_bound: tuple[str, ...]
    status: str
    rss: float | None
    r2: float | None
    aic: float | None
    aicc: float | None
    bic: float | None
    converged: bool


class SupportRecord(
    Struct, frozen=True, rename={"best": "best_form", "second": "second_form", "level": "support_level"}
):
    """The best two laws of a curve and their difference in AIC; see :class:`losslaws.fitting.selection.Support`."""

    best: str | None
    second: str | None
    delta_aic: float
    level: str
    n_converged: int


class RunRecord(
    Struct, frozen=True, rename={"width": "hidden_size", "best_law": "best_form", "support": "fit_support"}
):
    """One curve: what was trained, how it ended, and its fits, best first."""

    curve: str
    task: str
    width: int | None
    seed: int | None
    n_params: int | None
    final_loss: float | None
    best_law: str | None
    support: SupportRecord
    fits: tuple[LawRecord, ...]

    @property
    def best(self) -> LawRecord | None:
        """The fit of the best law; None where no law has a fit."""
        return self.fits[0] if self.best_law else None


class Described(Struct, frozen=True, rename={"widths": "hidden_sizes", "skip": "skip_epochs"}):
    """What was run: `n_curves` curves of `total_runs` pairs of a task and a width."""

    experiment: str
    tasks: tuple[str, ...]
    widths: tuple[int, ...]
    n_epochs: int | None
    skip: int
    seed: int | None
    seeds: tuple[int, ...]
    total_runs: int
    n_curves: int


class DescribedJob(Described, frozen=True, rename={"widths": "hidden_sizes", "skip": "skip_epochs"}):
    """What was run, how long it took, and with which software."""

    elapsed_seconds: float
    provenance: dict[str, str | int | None]


class Wins(
    Struct,
    frozen=True,
    rename={
        "counts": "form_counts",
        "majority": "majority_form",
        "majority_share": "majority_fraction",
        "best_by_task": "best_form_by_task",
    },
):
    """How often each law has the lowest AIC.

    Attributes
    ----------
    counts : dict of str to int
        Curves that each law wins, in the order of the configuration.
    majority : str or None
        The law that wins most; of several, the one that wins first. None where no curve has a fit.
    majority_share : float
        The share of the curves that it wins.
    majority_interval : (float, float) or None
        Wilson's 95% interval of that share.
    best_by_task : dict of str to str or None
        The law with the lowest sum of AIC over those curves of a task to which every law could be fitted.
    support_counts, support_by_task : dict
        Curves by the level of support for their best law, of all and by task.
    bic_changes : tuple of str
        Curves of which another law is best by BIC.
    """

    counts: dict[str, int]
    majority: str | None
    majority_share: float
    majority_interval: tuple[float, float] | None
    best_by_task: dict[str, str | None]
    support_counts: dict[str, int]
    support_by_task: dict[str, dict[str, int]]
    bic_changes: tuple[str, ...]


class CellWins(Struct, frozen=True, rename={"width": "hidden_size"}):
    """The best laws of a task and a width with the number of seeds, most frequent first; None for no fit."""

    task: str
    width: int | None
    counts: tuple[tuple[str | None, int], ...]


class OnBound(Struct, frozen=True, rename={"by_law": "by_form"}):
    """Fits with a parameter on a bound: at a finite optimum, by law; and those of the best law of their curve."""

    by_law: dict[str, int]
    winners: int


class ExponentSpread(Struct, frozen=True, rename={"law": "form"}):
    """The exponent of a law over the `n` curves that have a fit; `std` with n − 1, None for fewer than two."""

    law: str
    parameter: str
    n: int
    mean: float | None
    std: float | None
    min: float | None
    max: float | None


class Summary(Struct, frozen=True, rename={"runs": "runs_summary", "wins": "universality", "on_bound": "held"}):
    """``summary.json``, what reports are made of: counts over all curves, the first of the curves, and the formulas."""

    metadata: Described
    runs: tuple[RunRecord, ...]
    wins: Wins
    winners: tuple[CellWins, ...]
    on_bound: OnBound
    statuses: dict[str, dict[str, int]]
    exponents: tuple[ExponentSpread, ...]
    formulas: dict[str, str]


class Results(Struct, frozen=True, rename={"runs": "runs_summary", "wins": "universality"}):
    """Of ``results.json``, what its check looks at."""

    metadata: DescribedJob
    runs: tuple[RunRecord, ...]
    wins: Wins
