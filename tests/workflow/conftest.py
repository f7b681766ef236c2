"""A tiny study in a copy of the tree, driven through the real command line.

It is built once per session. A test that only looks at it or makes dry runs takes `finished`; one that edits or builds
takes `study`, a copy of its own, in which the files keep their times, because Snakemake compares them.
"""

import shutil

import pytest
from tiny_study import Study, copy_of_the_tree

RECORDER = """
import atexit, json, sys, uuid

def record():
    job = getattr(sys.modules["__main__"], "snakemake", None)
    if hasattr(job, "rule"):
        files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
        with open(f"imports/{uuid.uuid4()}.json", "w") as file:
            json.dump({"rule": job.rule, "log": job.log[0], "listed": list(job.input.code), "imported": files}, file)

atexit.register(record)
"""
"""Python runs this at the start of every job: on leaving, the job writes down what it has imported."""


@pytest.fixture
def unbuilt(tmp_path):
    """A study in which nothing is built yet."""
    return copy_of_the_tree(tmp_path / "unbuilt")


@pytest.fixture(scope="session")
def first_run(tmp_path_factory):
    """The study, built, with what its jobs imported under ``imports/``; and what the run showed."""
    home = tmp_path_factory.mktemp("finished")
    study = copy_of_the_tree(home / "study")
    (study.folder / "imports").mkdir()
    (home / "recorder").mkdir()
    (home / "recorder" / "sitecustomize.py").write_text(RECORDER, encoding="utf-8")
    return study, study.build(environment={"PYTHONPATH": str(home / "recorder")})


@pytest.fixture(scope="session")
def finished(first_run):
    """The study, built. All tests share it: leave it as it is."""
    return first_run[0]


@pytest.fixture
def study(finished, tmp_path):
    """A copy of the built study, to be edited and run."""
    return Study(shutil.copytree(finished.folder, tmp_path / "study"))
