"""Templates of pages, and everything that makes a page self-contained."""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from losslaws.core.errors import LosslawsError
from losslaws.report.blocks import Figure, Paragraph, Table
from losslaws.storage.files import read_text

FOLDER = Path(__file__).parent / "templates"
ANALYSES = Path(__file__).parents[1] / "analyses"
"""Templates of an analysis lie in its folder, and are named with it: ``universality/overview.html.j2``."""
POINTS_PER_PIXEL = 0.75
"""CSS pixels are 1/96 inch, Matplotlib's points 1/72."""


def render(template: str, **context: Any) -> Markup:
    """Return a page, or a part of one, from a template; all text in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader([FOLDER, ANALYSES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"included": _included, "kind": _kind}
    return Markup(environment.get_template(template).render(**context) + "\n")


def _included(name: str) -> Markup:
    """Return a stylesheet or script of ours as it is."""
    return Markup(read_text(FOLDER / name))


def _kind(block: object) -> str:
    return {Paragraph: "paragraph", Table: "table", Figure: "figure"}[type(block)]


def as_json(value: object) -> Markup:
    """Return JSON for a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


@dataclass(frozen=True)
class Picture:
    """A figure as a data URL, with its size in CSS pixels."""

    url: str
    width: int
    height: int


def picture(path: Path) -> Picture:
    """Return an SVG file as a picture."""
    text = read_text(path)
    width, height = svg_size(text)
    encoded = base64.b64encode(text.encode()).decode()
    return Picture(f"data:image/svg+xml;base64,{encoded}", width, height)


def svg_size(text: str) -> tuple[int, int]:
    """Return width and height of a figure that Matplotlib wrote, in CSS pixels."""
    size = re.search(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"', text)
    if size is None:
        raise LosslawsError("a figure has no size: delete the experiment's figures and run snakemake again")
    return round(float(size[1]) / POINTS_PER_PIXEL), round(float(size[2]) / POINTS_PER_PIXEL)
