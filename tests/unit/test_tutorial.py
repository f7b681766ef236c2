"""The tutorial runs as it stands."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TUTORIAL = Path(__file__).parents[2] / "docs/tutorial.md"


def test_the_tutorial_runs_in_order(capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) > 8
    names = {}
    for block in blocks:
        exec(compile(block, "tutorial.md", "exec"), names)
    shown = capsys.readouterr().out
    assert "shifted_power_law fits best" in shown
    assert "t: is 19950 at position 1; expected larger values than before" in shown
    assert names["figure"].axes
