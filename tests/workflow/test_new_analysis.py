"""The analysis of docs/extending.md, typed in: one folder and a few lines of config.yaml, through to the page."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from tiny_study import ROOT

PAGE = (ROOT / "docs/extending.md").read_text(encoding="utf-8").split("\n## An analysis\n")[1]
FOLDER = "workflow/losslaws/analyses/final_loss"
FILES = dict(re.findall(rf"`({FOLDER}/\w+\.py)`:\n\n```python\n(.*?)```", PAGE, re.DOTALL))
EXPERIMENT = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]


def type_in(study):
    """Write the files of the page, and its experiment at the end of the configuration."""
    assert len(FILES) == 5
    (study.folder / FOLDER).mkdir()
    for path, text in FILES.items():
        study.write(path, text)
    study.write("config.yaml", f"{study.text('config.yaml')}\n{EXPERIMENT}")


def git(folder, *arguments):
    """Run git in a folder as somebody, and return what it prints."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def extended(study):
    """The built study with the analysis of the page."""
    type_in(study)
    return study


def test_it_makes_nothing_stale_and_goes_through_to_report_and_page(extended):
    assert extended.planned() == set()
    extended.build("results/ends/report.html", "results/ends/report.txt")
    (row,) = json.loads(extended.text("results/ends/final_loss.json"))
    assert row["curve"] == "regression_w8_s42"
    assert re.search(r"^[01] of 1 curves fall below", extended.text("results/ends/answer.txt"))
    report = extended.text("results/ends/report.txt")
    assert re.search(r"^final_loss: done +0\.9$", report, re.MULTILINE)
    assert not re.search(r"^fitting: ", report, re.MULTILINE)
    page = extended.text("results/ends/report.html")
    assert "<h1>How far down does training get?</h1>" in page
    assert "data:image/svg+xml;base64" in page
    assert (extended.folder / "results/ends/figures/final_loss.png").stat().st_size > 1000
    assert extended.planned("results/ends/report.html") == set()


def test_its_settings_are_checked_and_only_its_own_jobs_depend_on_them(extended):
    extended.build("results/ends/report.html")
    extended.replace("config.yaml", "{done: 0.9}", "{done: 0.8}")
    steps = {"ends/final_loss.json", "ends/figures/final_loss.png", "ends/report.html"}
    assert extended.planned("results/ends/report.html") == steps
    extended.replace("config.yaml", "{done: 0.8}", "{don: 0.8}")
    told = extended.run().stdout
    assert "config: experiments.ends.final_loss: the key 'don' is unknown (did you mean 'done'?)" in told
    extended.replace("config.yaml", "{don: 0.8}", "{done: 2}")
    assert "config: experiments.ends.final_loss.done is 2; expected at most 1" in extended.run().stdout


def test_it_is_one_folder_and_the_configuration(study):
    (study.folder / ".gitignore").write_text("results/\n.snakemake/\n__pycache__/\nimports/\n", encoding="utf-8")
    git(study.folder, "init", "--quiet")
    git(study.folder, "add", "--all")
    git(study.folder, "commit", "--quiet", "--message", "before")
    type_in(study)
    study.build("results/ends/report.html")
    changed = git(study.folder, "status", "--porcelain").splitlines()
    assert sorted(line[3:] for line in changed) == ["config.yaml", f"{FOLDER}/"]


def test_a_cluster_is_asked_to_run_its_steps_as_those_of_others(extended):
    told = extended.build("--dry-run", "results/ends/figures/final_loss.png")
    for rule in ("final_loss", "figure_final_loss"):
        assert re.search(rf"^ *rule {rule}:\n(?: .*\n)*? +resources: .*runtime=\d+, mem_mb=\d+", told, re.MULTILINE), (
            rule
        )
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
    assert "groups" not in profile, "groups come from the rules"


def test_a_declaration_that_names_no_module_is_told_so(extended):
    extended.replace(f"{FOLDER}/__init__.py", '"compute:find_last_losses"', '"computed:find_last_losses"')
    told = extended.run("--dry-run").stdout
    assert "analyses/final_loss/__init__.py: the step 'final_loss' runs 'computed:find_last_losses'" in told
    assert str(Path(FOLDER) / "computed.py") in told


def test_a_product_that_nothing_makes_is_told(extended):
    extended.replace(f"{FOLDER}/__init__.py", 'reads=("curves",)', 'reads=("curvs",)')
    told = extended.run("--dry-run").stdout
    assert "the step 'final_loss' reads 'curvs', which no step writes; expected curves, fits, or one of found" in told
