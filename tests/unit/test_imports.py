"""Start-up is a cost: who imports what, each asked in a fresh interpreter."""

import ast
import subprocess
import sys

import pytest

from losslaws.core.registry import LIBRARY

WATCHED = ("torch", "pandas", "matplotlib", "scipy", "numpy", "pyarrow", "jsonschema", "yaml", "snakemake")

LIBRARY_ALONE = "import losslaws"
NAMES_OF_ENTRIES = "from losslaws.core.registry import LAWS, TASKS; LAWS.names(), TASKS.names()"
LIST_OF_LAWS = "from losslaws.cli.main import main; main(['laws'])"
DATA = """
from losslaws.tasks.dataset import read_data, write_data
from losslaws.core.registry import TASKS
for name in TASKS.names():
    write_data("data.parquet", name, TASKS.load(name), [0])
    read_data("data.parquet", 0)
"""
FITTING = """
import numpy as np
from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves, write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.core.registry import LAWS
from losslaws.storage.files import write_table
t = np.arange(1.0, 61.0)
write_curves("curves.parquet", [Curve("c", t, 1 / t, {"task": "x", "width": 8}, {"lr": t})], {})
laws = [LAWS.load(name) for name in ("power_law", "exponential", "stretched_exp", "log_power")]
write_table("fits.parquet", fit_curves(read_curves("curves.parquet"), laws, 10), {})
"""


@pytest.mark.parametrize(
    ("program", "unwanted"),
    [
        pytest.param(LIBRARY_ALONE, WATCHED, id="import losslaws"),
        pytest.param(NAMES_OF_ENTRIES, WATCHED, id="names of tasks and laws"),
        pytest.param(LIST_OF_LAWS, ("torch", "pandas", "matplotlib", "snakemake"), id="losslaws laws"),
        pytest.param(DATA, ("torch", "pandas", "matplotlib", "snakemake"), id="data"),
        pytest.param(FITTING, ("torch", "pandas", "matplotlib", "scipy", "snakemake"), id="fitting"),
    ],
)
def test_does_not_import(tmp_path, program, unwanted):
    asked = f"{program}\nimport sys\nprint(*sorted(set(sys.modules) & {set(WATCHED)!r}), sep='\\n', file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(done.stderr.split()) & set(unwanted) == set()


def imported(path):
    """Return the packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_the_library_never_imports_snakemake():
    files = sorted(LIBRARY.rglob("*.py"))
    assert len(files) > 20
    assert [path for path in files if "snakemake" in set(imported(path))] == []


def importers(package):
    """Return the modules in which a package is imported, as paths below the library."""
    return {path.relative_to(LIBRARY) for path in LIBRARY.rglob("*.py") if package in set(imported(path))}


def test_heavy_packages_stay_in_their_places():
    assert {path.parts[0] for path in importers("torch")} == {"training"}
    drawing = {path for path in importers("matplotlib") if path.parts[0] != "plotting"}
    assert drawing
    assert [path for path in drawing if not path.match("analyses/*/figure*.py")] == []
    assert importers("pandas") == set()
