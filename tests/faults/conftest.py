"""What the tests of faults share: one small study that ran through, to compare with."""

from statistics import median

import pytest
from tiny_study import copy_of_the_tree

CONFIG = "tests/faults/study.yaml"


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory):
    """The study, built in one go. All tests share it: leave it as it is."""
    study = copy_of_the_tree(tmp_path_factory.mktemp("uninterrupted") / "study", CONFIG)
    study.build()
    return study


@pytest.fixture(scope="session")
def seconds_of_a_job(uninterrupted):
    """How long a job takes on this machine: the median."""
    benchmarks = (uninterrupted.folder / "results/tiny/benchmarks").rglob("*.tsv")
    return median(float(path.read_text(encoding="utf-8").splitlines()[1].split()[0]) for path in benchmarks)


@pytest.fixture
def fresh(tmp_path):
    """A function that returns a study in which nothing is built yet; its argument is the name of its folder."""
    return lambda name: copy_of_the_tree(tmp_path / name, CONFIG)
