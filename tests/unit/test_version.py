"""Which version results name: that of the release, so that they stay the same bytes from commit to commit."""

import json
import tomllib
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from losslaws.core.version import release, version
from losslaws.jobs.software import software, versions
from losslaws.storage.files import write_table

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def installed(monkeypatch):
    """Set the version of losslaws that is installed; None removes it."""
    others = metadata.version

    def install(wanted):
        def told(name):
            if name != "losslaws":
                return others(name)
            if wanted is None:
                raise metadata.PackageNotFoundError(name)
            return wanted

        monkeypatch.setattr(metadata, "version", told)

    return install


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("0.1.0", "0.1.0"),
        ("0.1.0.post1.dev210+g33d5a386d", "0.1.0"),
        ("0.1.0.post1.dev210+g33d5a386d.d20260301", "0.1.0"),
        ("1.12.3+local", "1.12.3"),
        ("2.0.0rc1", "2.0.0rc1"),
        ("2.0.0rc1.post1.dev3+g33d5a38", "2.0.0rc1"),
        (None, "unknown"),
    ],
)
def test_release_is_the_version_without_what_came_after_it(installed, full, expected):
    installed(full)
    assert release() == expected
    assert version() == (full or "unknown")


def test_result_files_are_the_same_bytes_after_another_commit(installed, tmp_path):
    installed("0.1.0.post1.dev210+g33d5a386d")
    write_table(tmp_path / "one.parquet", pa.table({"x": [1.0]}), {})
    installed("0.1.0.post1.dev211+g73805e5aa")
    write_table(tmp_path / "two.parquet", pa.table({"x": [1.0]}), {})
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    stored = json.loads(pq.read_schema(tmp_path / "one.parquet").metadata[b"losslaws"])
    assert stored["versions"]["losslaws"] == "0.1.0"


def test_results_name_the_release_and_records_of_jobs_the_version(installed):
    installed("0.1.0.post1.dev210+g33d5a386d")
    assert software()["losslaws_version"] == "0.1.0"
    assert versions()["losslaws_version"] == "0.1.0.post1.dev210+g33d5a386d"


def test_version_comes_from_git_and_without_it_is_that_of_the_last_release():
    assert "version" not in PROJECT["project"]
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert metadata.version("losslaws").startswith(PROJECT["tool"]["setuptools_scm"]["fallback_version"])
