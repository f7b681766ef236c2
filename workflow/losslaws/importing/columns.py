"""Which columns of a file are t, the loss, the learning rate: named in the settings, or guessed from their names."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from losslaws.core.errors import LosslawsError
from losslaws.curves.table import ATTRIBUTES
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
LR_NAMES = ("lr", "learning_rate", "train_lr", "train_learning_rate")
TRACE = "noise_trace"
HELD_OUT = re.compile(r"(^|_)(val|valid|validation|eval|evaluation|test|dev)(_|$)")
LOSS_WORD = re.compile(r"(^|_)(loss|nll|cross_entropy)(_|$)")
LR_WORD = re.compile(r"(^|_)(lr|learning_rate)(_|$)")
MOST_LISTED = 20


@dataclass(frozen=True)
class Columns:
    """The columns of one file that are read.

    Attributes
    ----------
    t : str
        Progress; where t is the cumulative learning rate, the steps whose increments the rates are multiplied with.
    losses : mapping of str to (str or None)
        Loss columns, each with the column of its learning rate. More than one: wide layout.
    labels : mapping of str to str
        What tells the loss columns apart in names of curves.
    curve : tuple of str
        The columns that tell curves apart.
    attributes : tuple of str
        Columns that hold attributes of curves.
    guessed : mapping of str to str
        What was guessed, by key.
    trace : str or None
        The column of the noise trace.
    """

    t: str
    losses: Mapping[str, str | None]
    labels: Mapping[str, str]
    curve: tuple[str, ...]
    attributes: tuple[str, ...]
    guessed: Mapping[str, str]
    trace: str | None = None

    @property
    def numbers(self) -> list[str]:
        """The columns that are read as numbers."""
        rates = (rate for rate in self.losses.values() if rate is not None)
        traces = () if self.trace is None else (self.trace,)
        return list(dict.fromkeys([self.t, *self.losses, *rates, *traces]))

    @property
    def texts(self) -> list[str]:
        """The other columns."""
        return [name for name in dict.fromkeys([*self.curve, *self.attributes]) if name not in self.numbers]


def choose_columns(path: Path, reader: Reader, settings: Mapping[str, Any]) -> Columns:
    """Find in one file the columns that the settings name, and guess those that they do not.

    Raises
    ------
    LosslawsError
        If a named column is not in the file, or a guess finds none or several; with the columns there are.
    """
    there = reader.columns(path)
    chosen = _Chooser(path, there, reader)
    curve = settings.get("curve") or ()
    curve = tuple(chosen.named("curve", name) for name in ([curve] if isinstance(curve, str) else curve))
    t = settings.get("t")
    t = chosen.t() if t in (None, CUMULATIVE) else chosen.named("t", t)
    losses = chosen.losses(settings.get("loss"), leave={t, *curve})
    rates = chosen.rates(losses, settings.get("lr"), required=settings.get("t") == CUMULATIVE)
    labels = _labels(losses, reader)
    attributes = tuple(name for name in ATTRIBUTES if name != "task" and name in there)
    trace = chosen.trace(settings.get("noise_trace"))
    return Columns(t, rates, labels, curve, attributes, chosen.guessed, trace)


def listed(names: Sequence[str]) -> str:
    """Return names for a message, the first twenty of many."""
    shown = ", ".join(repr(name) if not name.strip() else name for name in names[:MOST_LISTED])
    return f"{shown}, … ({len(names)} columns)" if len(names) > MOST_LISTED else shown


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

    def rates(self, losses: list[str], given: str | bool | None, required: bool) -> dict[str, str | None]:
        """Return every loss column with the column of its learning rate."""
        if given is False:
            if required:
                raise LosslawsError(f"t: {CUMULATIVE} needs a learning rate: name its column with lr: instead of false")
            return dict.fromkeys(losses)
        if isinstance(given, str):
            return dict.fromkeys(losses, self.named("lr", given))
        runs = {loss: self.reader.split(loss)[0] for loss in losses}
        of_run = {run: self._guessed_rate(run, losses) for run in set(runs.values())}
        rates = {loss: of_run[run] for loss, run in runs.items()}
        if required and None in rates.values():
            raise LosslawsError(
                f"{self.path} has no column that looks like a learning rate, which t: {CUMULATIVE} needs: "
                f"name one with lr:; it has {listed(self.there)}"
            )
        if found := list(dict.fromkeys(rate for rate in rates.values() if rate is not None)):
            self.guessed["lr"] = f"column {found[0]!r}" if len(found) == 1 else f"columns {listed(found)}"
        return rates

    def trace(self, given: str | None) -> str | None:
        """Return the column of the noise trace: named, or the one of that name, or none."""
        if given is None and TRACE in self.there:
            self.guessed[TRACE] = f"column {TRACE!r}"
            return self.named(TRACE, TRACE)
        return None if given is None else self.named(TRACE, given)

    def _guessed_rate(self, run: str, losses: list[str]) -> str | None:
        of_run = self.of_run.get(run, []) + (self.of_run.get("", []) if run else [])
        if same := _first(LR_NAMES, of_run, self._metric):
            return same[0]
        found = [column for column in of_run if LR_WORD.search(self._metric(column)) and column not in losses]
        return found[0] if len(found) == 1 else None


def _first(names: Iterable[str], columns: Sequence[str], form: Any) -> list[str]:
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
