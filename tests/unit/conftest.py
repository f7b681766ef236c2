"""What the unit tests share: reproducible property tests, the four laws of the study, and a small finished study."""

import os
from pathlib import Path

import numpy as np
import pytest
from builders import PAPER_LAWS, tiny_experiment
from finished import rebuild_results
from hypothesis import HealthCheck, settings

from losslaws.core.registry import LAWS, TASKS
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.storage.files import write_table
from losslaws.tasks.dataset import write_data

settings.register_profile(
    "reproducible",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("exploring", parent=settings.get_profile("reproducible"), derandomize=False)
# The same examples in every run, so that a failure is the fault of a change; HYPOTHESIS_PROFILE=exploring draws others.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))


@pytest.fixture(scope="session")
def laws():
    """The four laws of the published study, in its order."""
    return [LAWS.load(name) for name in PAPER_LAWS]


@pytest.fixture(scope="session")
def reference():
    """The folder of published curves beside the checkout."""
    folder = Path(__file__).parents[3] / "shared/data/reference"
    if not folder.is_dir():
        pytest.skip(f"there is no folder of published curves at {folder}")
    return folder


@pytest.fixture
def one_thread():
    """PyTorch with one thread, as in a training job: sums do not depend on the number of cores then."""
    # Most tests do without PyTorch, which takes two seconds to import.
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def study(tmp_path, laws):
    """The folder and the experiment of a finished study with simulated curves instead of trained ones."""
    experiment = tiny_experiment()
    folder = tmp_path / "results" / experiment.name
    noise = np.random.default_rng(1)
    t = np.arange(1.0, 61.0)
    for task in experiment.grid.tasks:
        write_data(folder / "data" / f"{task}.parquet", task, TASKS.load(task), experiment.grid.seeds)
        for width in experiment.grid.widths:
            group = f"{task}_w{width}"
            loss = 0.1 + np.exp(-((t / width) ** 0.7)) + 0.01 * noise.standard_normal(t.size)
            curve = Curve(f"{group}_s42", t, loss, {"task": task, "width": width, "seed": 42, "n_params": 100 * width})
            write_curves(folder / "curves" / f"{group}.parquet", [curve], {})
            fits = fit_curves([curve], laws, experiment.fitting.skip)
            write_table(folder / "fits" / f"{group}.parquet", fits, {})
    rebuild_results(folder, experiment, laws)
    return folder, experiment
