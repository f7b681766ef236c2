"""Small multiples for the first screen: each curve with its best law, on logarithmic axes of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.curves.thinning import log_points
from losslaws.fitting.fitted import FittedCurve

MAX_PANELS = 12
WIDTH, HEIGHT, MARGIN = 160.0, 84.0, 3.0
POINTS = 120


@dataclass(frozen=True)
class Panel:
    """One curve.

    Attributes
    ----------
    anchor : str
        Where the page shows more of it.
    title : str
        What it is.
    law, colour : str
        The best law; empty where no law has a fit.
    curve, fit : str
        Lines as the `d` of an SVG path.
    """

    anchor: str
    title: str
    law: str
    colour: str
    curve: str
    fit: str


def panel(run: FittedCurve, number: int, skip: int, colours: Mapping[str, str]) -> Panel:
    """Draw the `number`-th curve of the page, of which `skip` points were not fitted."""
    kept = log_points(run.curve.t, POINTS)
    t, loss = run.curve.t[kept], run.curve.loss[kept]
    best = run.support.best
    scale = _Scale.of(t, loss)
    title = run.curve.name if run.width is None else f"{run.task}, width {run.width}"
    return Panel(
        anchor=f"curve-{number}",
        title=title,
        law=best or "",
        colour=colours[best] if best else "",
        curve=scale.path(t, loss),
        fit=scale.path(t[kept >= skip], run.fits[0](t[kept >= skip])) if best else "",
    )


@dataclass(frozen=True)
class _Scale:
    """Logarithmic axes: the logarithms at their ends."""

    left: float
    right: float
    low: float
    high: float

    @classmethod
    def of(cls, t: Array, loss: Array) -> "_Scale":
        shown = loss[np.isfinite(loss) & (loss > 0)]
        low, high = (np.log(shown.min()), np.log(shown.max())) if shown.size else (0.0, 1.0)
        return cls(float(np.log(t[0])), float(np.log(t[-1])), float(low), float(high))

    def path(self, t: Array, loss: Array) -> str:
        """Return a line through the positive losses, broken where others are."""
        parts, drawing = [], False
        for at, value in zip(t.tolist(), loss.tolist(), strict=True):
            if not (np.isfinite(value) and value > 0):
                drawing = False
                continue
            x = MARGIN + (WIDTH - 2 * MARGIN) * (np.log(at) - self.left) / ((self.right - self.left) or 1.0)
            y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (np.log(value) - self.low) / ((self.high - self.low) or 1.0)
            parts.append(f"{'L' if drawing else 'M'}{x:.1f} {np.clip(y, -HEIGHT, 2 * HEIGHT):.1f}")
            drawing = True
        return "".join(parts)
