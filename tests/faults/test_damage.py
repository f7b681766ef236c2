"""Every result that is damaged is named, with what to delete, and is built again once that is done."""

import os
import re
import shutil
from pathlib import Path

import pytest
from contents import contents
from tiny_study import Study

from losslaws.study.validation import damaged

TOLD = re.compile(
    r"^(\S+) (?:has changed since it was written|has no record of how it was made|is damaged): delete this "
)
FOLDERS = ("results/tiny", "results/more")
CONFIG_OF_MORE = """
  more:
    import: [{name: lm, files: "logs/*.csv"}]
    fitting: {laws: [exponential, power_law]}
    analyses: [backtest, forecast]
    forecast: {laws: [exponential, power_law], fractions: [0.5]}
"""


def truncate(content):
    return content[: len(content) // 2]


def zero(content):
    return bytes(len(content))


def flip_a_bit(content):
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGES = [truncate, zero, flip_a_bit]


def results(study):
    """Return the paths of the results and records of a study, relative to its folder."""
    files = [path.relative_to(study.folder) for path in (study.folder / "results").rglob("*") if path.is_file()]
    return sorted(path for path in files if not {"logs", "benchmarks"} & set(path.parts))


def overwrite(path, content):
    """Change a file's content as a failing disk does: its time stays, so Snakemake sees nothing."""
    times = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.fixture(scope="module")
def whole(uninterrupted, tmp_path_factory):
    """The study, with imported curves and forecasts besides."""
    study = Study(shutil.copytree(uninterrupted.folder, tmp_path_factory.mktemp("damage") / "study"))
    study.replace("config.yaml", "run: [tiny]", "run: [tiny, more]")
    study.write("config.yaml", study.text("config.yaml") + CONFIG_OF_MORE)
    (study.folder / "logs").mkdir()
    points = "".join(f"{step},{1 / step + 0.1 * (step % 3)}\n" for step in range(1, 61))
    study.write("logs/run.csv", f"step,loss\n{points}")
    study.build()
    return study


def told(study):
    """Return the sentences on damage of a study by the path that they name."""
    sentences = [
        line for folder in FOLDERS for line in damaged(Path(folder), [f"{folder}/report.txt", f"{folder}/report.html"])
    ]
    named = {TOLD.match(line)[1]: line for line in sentences}
    assert len(named) == len(sentences)
    return named


def test_each_damage_to_each_file_is_named_alone(whole, monkeypatch):
    monkeypatch.chdir(whole.folder)
    assert told(whole) == {}
    files = results(whole)
    kinds = {path.parts[2] if len(path.parts) > 3 else path.name for path in files}
    assert kinds >= {"data", "curves", "fits", "evidence", "multiverse", "attempts", "forecasts", "imports", "tables"}
    assert kinds >= {"figures", "provenance", "results.json", "full_curves.json", "evidence.json", "report.html"}
    for path in files:
        content = path.read_bytes()
        for damage in DAMAGES:
            overwrite(path, damage(content))
            named = told(whole)
            assert path.as_posix() in named, f"{damage.__name__}: {path}"
            assert "provenance" in path.parts or len(named) == 1
        overwrite(path, content)


def test_what_is_damaged_is_told_by_validate_and_built_again_once_deleted(whole):
    expected = contents(whole)
    # Records lead from file to file: of them one at a time.
    files = [path for path in results(whole) if "provenance" not in path.parts]
    files.append(Path("results/tiny/provenance/fit/regression_w2.json"))
    for number, path in enumerate(files):
        damage = DAMAGES[number % len(DAMAGES)]
        overwrite(whole.folder / path, damage((whole.folder / path).read_bytes()))
    done = whole.run("validate")
    assert done.returncode != 0
    named = {found[1] for line in done.stdout.splitlines() if (found := TOLD.match(line))}
    assert named == {path.as_posix() for path in files}
    for path in named:
        (whole.folder / path).unlink()
    whole.build()
    assert contents(whole) == expected
    whole.build("validate")
