"""Fit, compare and extrapolate training loss curves, with honest uncertainty.

The public names live in :mod:`losslaws.api` and are loaded on first use, so that ``import losslaws`` costs
nothing. This file therefore never changes when a public name is added.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def __getattr__(name: str) -> Any:
    if find_spec(f"losslaws.{name}"):
        return import_module(f"losslaws.{name}")
    if name.startswith("__") and name != "__version__":
        raise AttributeError(name)
    return getattr(import_module("losslaws.api"), name)


def __dir__() -> list[str]:
    return list(import_module("losslaws.api").__all__)
