"""Curves with their fits as figures get them, plain and awkward, and what is found in a figure."""

import warnings

import matplotlib as mpl
import numpy as np

from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_each

LAWS_FITTED = [LAWS.load(name) for name in ("power_law", "exponential", "stretched_exp", "log_power")]
SKIP = 3
T = np.arange(1.0, 61.0)


def curve(task="mod_add", width=32, seed=0, loss=None, t=T):
    """A noisy power law, or any other losses, as training would leave them."""
    if loss is None:
        noise = np.random.default_rng(1000 * seed + width).standard_normal(t.size)
        loss = 3.0 * t**-0.7 + 0.2 + 0.005 * noise
    return Curve(f"{task}_w{width}_s{seed}", t, loss, {"task": task, "width": width, "seed": seed, "split": "train"})


def imported(name, loss=None):
    """A curve that somebody else recorded."""
    return Curve(name, T, curve().loss if loss is None else loss)


def fitted(*curves, laws=LAWS_FITTED, skip=SKIP):
    with warnings.catch_warnings():
        # What the fitter thinks of these curves is for its own tests.
        warnings.simplefilter("ignore")
        return fit_each(curves, laws, skip)


def ending_in(value):
    loss = curve().loss.copy()
    loss[-5:] = value
    return loss


def dots(axes):
    return [line for line in axes.lines if line.get_marker() not in ("None", "x")]


def x_values(axes):
    return np.concatenate([line.get_xdata() for line in dots(axes)])


def texts(figure):
    return " ".join(text.get_text() for text in figure.findobj(mpl.text.Text))


LOG_TIME = 5.0 - np.log(T)
"""The limit of a power law as its exponent tends to 0."""

CASES = {
    "one cell": lambda: fitted(curve()),
    "grid": lambda: fitted(*(curve(task, width) for task in ("mod_add", "regression") for width in (8, 16, 32))),
    "many widths": lambda: fitted(*(curve(width=width) for width in (4, 8, 16, 32, 64, 128))),
    "many seeds": lambda: fitted(*(curve(width=width, seed=seed) for width in (8, 16) for seed in range(10))),
    "holes in the grid": lambda: fitted(curve("mod_add", 8), curve("mod_add", 16), curve("regression", 8)),
    "imported": lambda: fitted(imported("lm/run $1$ " + "x" * 60), imported("b"), imported("c"), imported("d")),
    "imported and trained": lambda: fitted(imported("b"), curve()),
    "NaN": lambda: fitted(curve(loss=ending_in(np.nan)), curve(width=64)),
    "infinite": lambda: fitted(curve(loss=ending_in(np.inf)), curve(width=64)),
    "no fit at all": lambda: fitted(curve(loss=np.full(T.size, np.nan))),
    "constant": lambda: fitted(curve(loss=np.full(T.size, 2.0))),
    "short": lambda: fitted(curve(t=T[: SKIP + 1], loss=curve().loss[: SKIP + 1])),
    "shorter than what is skipped": lambda: fitted(curve(t=T[:2], loss=curve().loss[:2])),
    "rising": lambda: fitted(curve(loss=curve().loss[::-1].copy())),
    "negative losses": lambda: fitted(curve(loss=curve().loss - 10.0)),
    "law turns negative": lambda: fitted(curve(loss=np.maximum(2.0 - 0.05 * T, 1e-6))),
    "exact law": lambda: fitted(curve(loss=3.0 * T**-0.5 + 0.1)),
    "limit": lambda: fitted(curve(loss=LOG_TIME)),
    "huge and tiny": lambda: fitted(curve(loss=1e80 * curve().loss), curve(width=64, loss=1e-80 * curve().loss)),
}
