"""What all tests share: one thread each, as jobs have, and marks by folder."""

import os
from pathlib import Path

import pytest

UNIT = Path(__file__).parent / "unit"

# Snakemake gives a job one thread, on which the last digits of sums depend. NumPy reads this when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items):
    """Mark every test outside tests/unit as a test of the workflow."""
    for item in items:
        if not item.path.is_relative_to(UNIT):
            item.add_marker(pytest.mark.workflow)
