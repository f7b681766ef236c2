"""Which columns of a file are t, the loss, the series: named in the settings, or guessed from their names."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from losslaws.config.sources import Import
from losslaws.core.errors import LosslawsError
from losslaws.curves.vocabulary import ATTRIBUTES, SERIES
from losslaws.importing.reader import Reader

CUMULATIVE = "cumulative_lr"
"""The value of `t` that stands for the running sum of the learning rate."""

T_NAMES = (
    "step",
    "global_step",
    "trainer_global_step",
    "train_global_step",
    "steps",
    "iteration",
    "iterations",
    "iter",
    "update",
    "num_updates",
    "t",
    "tokens",
    "num_tokens",
    "tokens_seen",
    "samples",
    "examples",
    "epoch",
    "epochs",
)
LOSS_NAMES = ("loss", "train_loss", "training_loss", "loss_train", "train_loss_step", "train_loss_epoch", "nll")
HELD_OUT = re.compile(r"(^|_)(val|valid|validation|eval|evaluation|test|dev)(_|$)")
LOSS_WORD = re.compile(r"(^|_)(loss|nll|cross_entropy)(_|$)")
MAX_LISTED = 20


@dataclass(frozen=True)
class Columns:
    """The columns of one file that are read.

    Attributes
    ----------
    t : str
        Progress; where t is the cumulative learning rate, the steps whose increments the rates are multiplied with.
    losses : mapping of str to mapping of str to str
        Loss columns, each with the columns of its series by the names of these. More than one: wide layout.
    labels : mapping of str to str
        What tells the loss columns apart in names of curves.
    curve : tuple of str
        The columns that tell curves apart.
    attributes : tuple of str
        Columns that hold attributes of curves.
    guessed : mapping of str to str
        What was guessed, by key.
    """

    t: str
    losses: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]
    curve: tuple[str, ...]
    attributes: tuple[str, ...]
    guessed: Mapping[str, str]

    @property
    def numbers(self) -> list[str]:
        """The columns that are read as numbers."""
        series = (column for of_loss in self.losses.values() for column in of_loss.values())
        return list(dict.fromkeys([self.t, *self.losses, *series]))

    @property
    def texts(self) -> list[str]:
        """The other columns."""
        return [name for name in dict.fromkeys([*self.curve, *self.attributes]) if name not in self.numbers]


def choose_columns(path: Path, reader: Reader, entry: Import) -> Columns:
    """Find in one file the columns that an import names, and guess those that it does not.

    Raises
    ------
    LosslawsError
        If a named column is not in the file, or a guess finds none or several; with the columns there are.
    """
    there = reader.columns(path)
    chosen = _Chooser(path, there, reader)
    named = (entry.curve,) if isinstance(entry.curve, str) else entry.curve or ()
    curve = tuple(chosen.named("curve", name) for name in named)
    t = chosen.t() if entry.t in (None, CUMULATIVE) else chosen.named("t", str(entry.t))
    losses = chosen.losses(entry.loss, leave={t, *curve})
    given: dict[str, str | bool | None] = {"lr": entry.lr, "noise_trace": entry.noise_trace}
    series = {name: chosen.series(name, losses, given.get(name)) for name in SERIES}
    if entry.t == CUMULATIVE:
        chosen.require_rates(losses, series["lr"], entry.lr)
    of_loss = {loss: {name: found[loss] for name, found in series.items() if loss in found} for loss in losses}
    attributes = tuple(name for name in ATTRIBUTES if name != "task" and name in there)
    return Columns(t, of_loss, _labels(losses, reader), curve, attributes, chosen.guessed)


def listed(names: Sequence[str]) -> str:
    """Return names for a message, the first twenty of many."""
    shown = ", ".join(repr(name) if not name.strip() else name for name in names[:MAX_LISTED])
    return f"{shown}, … ({len(names)} columns)" if len(names) > MAX_LISTED else shown


def plain(name: str) -> str:
    """Return a name in lower case with ``_`` for all that is not a letter or a digit: ``Train/Loss`` is train_loss."""
    return re.sub(r"[\W_]+", "_", name.lower()).strip("_")


class _Chooser:
    """The columns of one file, and what was guessed of them."""

    def __init__(self, path: Path, there: list[str], reader: Reader):
        self.path, self.there, self.reader = path, there, reader
        self.guessed: dict[str, str] = {}
        self.of_run: dict[str, list[str]] = {}
        for column in there:
            self.of_run.setdefault(reader.split(column)[0], []).append(column)

    def named(self, key: str, name: str) -> str:
        """Return the one column of that name; spaces around the names in a file do not count."""
        same = [column for column in self.there if column == name]
        same = same or [column for column in self.there if column.strip() == name]
        if not same:
            raise LosslawsError(f"{self.path} has no column {name!r} ({key}:); it has {listed(self.there)}")
        if len(same) > 1:
            raise LosslawsError(f"{self.path} has {len(same)} columns {name!r} ({key}:): give each a name of its own")
        return same[0]

    def t(self) -> str:
        """Guess the column of t."""
        whole = self.of_run.get("", [])
        found = [column for name in T_NAMES for column in _first([name], whole, str) or _first([name], whole, plain)]
        if not found:
            raise LosslawsError(
                f"{self.path} has no column that looks like steps or epochs: name one with t:; "
                f"it has {listed(self.there)}"
            )
        self.guessed["t"] = f"column {found[0]!r}"
        return self.named("t", found[0])

    def losses(self, given: str | Sequence[str] | None, leave: set[str]) -> list[str]:
        """Return the loss columns: named, matched by glob patterns, or guessed; `leave` are taken already."""
        free = [column for column in self.there if column not in leave]
        if given is None:
            found = self._guessed_losses([column for column in free if LOSS_WORD.search(self._metric(column))])
            self.guessed["loss"] = self._guess_of_losses(found)
            most, times = Counter(found).most_common(1)[0]
            return found if times == 1 else [self.named("loss", most)]
        patterns = [given] if isinstance(given, str) else given
        return list(dict.fromkeys(column for pattern in patterns for column in self._matching(pattern, free)))

    def _metric(self, column: str) -> str:
        return plain(self.reader.split(column)[1])

    def _guessed_losses(self, found: list[str]) -> list[str]:
        training = [column for column in found if not HELD_OUT.search(self._metric(column))]
        found = training or found
        for name in LOSS_NAMES:
            if same := [column for column in found if self._metric(column) == name]:
                found = same
                break
        metrics = {self.reader.split(column)[1] for column in found}
        if not metrics:
            raise LosslawsError(
                f"{self.path} has no column that looks like a loss: name one with loss:; it has {listed(self.there)}"
            )
        if len(metrics) > 1:
            raise LosslawsError(
                f"{self.path} has several columns that may be the loss, {listed(found)}: name one with loss:"
            )
        return found

    def _guess_of_losses(self, found: list[str]) -> str:
        run, metric = self.reader.split(found[0])
        return f"metric {metric!r} of each run" if run else f"column {found[0]!r}"

    def _matching(self, pattern: str, free: list[str]) -> list[str]:
        """Return the columns of one name, of one metric of all runs, or of one glob pattern."""
        if pattern in self.there:
            return [self.named("loss", pattern)]
        found = [column for column in free if self.reader.split(column)[1] == pattern]
        found = found or [column for column in free if fnmatchcase(column, pattern)]
        return found or [self.named("loss", pattern)]

    def series(self, name: str, losses: Sequence[str], given: str | bool | None) -> dict[str, str]:
        """Return the column of one series for each loss column that has one: named, or guessed within its run."""
        if given is False:
            return {}
        if isinstance(given, str):
            return dict.fromkeys(losses, self.named(name, given))
        runs = {loss: self.reader.split(loss)[0] for loss in losses}
        of_run = {run: self._guessed_series(SERIES[name].aliases, run, losses) for run in dict.fromkeys(runs.values())}
        found = {loss: column for loss, run in runs.items() if (column := of_run[run]) is not None}
        if columns := list(dict.fromkeys(found.values())):
            self.guessed[name] = f"column {columns[0]!r}" if len(columns) == 1 else f"columns {listed(columns)}"
        return found

    def require_rates(self, losses: Sequence[str], rates: Mapping[str, str], given: str | bool | None) -> None:
        """Check that every loss column has a learning rate to sum up."""
        if given is False:
            raise LosslawsError(f"t: {CUMULATIVE} needs a learning rate: name its column with lr: instead of false")
        if len(rates) < len(losses):
            raise LosslawsError(
                f"{self.path} has no column that looks like a learning rate, which t: {CUMULATIVE} needs: "
                f"name one with lr:; it has {listed(self.there)}"
            )

    def _guessed_series(self, aliases: Sequence[str], run: str, losses: Sequence[str]) -> str | None:
        """Return a run's column with one of the names, else the only one with one of them as words of its name."""
        of_run = self.of_run.get(run, []) + (self.of_run.get("", []) if run else [])
        if same := _first(aliases, of_run, self._metric):
            return same[0]
        words = re.compile(rf"(^|_)({'|'.join(aliases)})(_|$)")
        found = [column for column in of_run if words.search(self._metric(column)) and column not in losses]
        return found[0] if aliases and len(found) == 1 else None


def _first(names: Iterable[str], columns: Sequence[str], form: Callable[[str], str]) -> list[str]:
    """Return the columns that have, in some form, the first of `names` that any has."""
    for name in names:
        if same := [column for column in columns if form(column) == name]:
            return same
    return []


def _labels(losses: Sequence[str], reader: Reader) -> dict[str, str]:
    """Return what tells loss columns apart: the run where their names hold one and the metric is the same."""
    split = [reader.split(column) for column in losses]
    by_run = all(run for run, _ in split) and len({metric for _, metric in split}) == 1
    return {column: run if by_run else column for column, (run, _) in zip(losses, split, strict=True)}
