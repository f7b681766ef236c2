"""When a network gets it right: the accuracy of curves of classifiers, over training."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from losslaws.curves.curve import Curve

LEVELS = {"t_10": 0.10, "t_50": 0.50, "t_90": 0.90, "t_99": 0.99}
"""Accuracies whose first t is looked for, by column."""

LEARNED = "t_99"


def accuracy_rows(curves: Sequence[Curve]) -> list[dict[str, Any]]:
    """Return one row per curve with an accuracy: its last accuracy, and the first t at which it reaches each level.

    A level that is never reached has None. `late` compares with the training curve of the same task, width and seed:
    how many times as late 99% is reached; None where either never gets there, or there is no such curve.
    """
    rows = [_row(curve) for curve in curves if "accuracy" in curve.series]
    trained = {_run(row): row[LEARNED] for row in rows if row["split"] == "train"}
    for row in rows:
        first = trained.get(_run(row))
        row["late"] = row[LEARNED] / first if row["split"] == "test" and first and row[LEARNED] else None
    return rows


def _row(curve: Curve) -> dict[str, Any]:
    accuracy = curve.series["accuracy"]
    about = {"curve": curve.name, **{key: curve.attributes.get(key) for key in ("task", "width", "seed", "split")}}
    firsts = {name: _first(curve.t, accuracy >= level) for name, level in LEVELS.items()}
    return {**about, "last": float(accuracy[-1]), **firsts}


def _first(t: np.ndarray, reached: np.ndarray) -> float | None:
    return float(t[reached.argmax()]) if reached.any() else None


def _run(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["task"], row["width"], row["seed"]
