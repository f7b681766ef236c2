"""The workflow as a module of somebody else's, from a folder and from a git repository, as snakedeploy sets it up."""

import os
import shutil
import subprocess

import pytest
import yaml
from tiny_study import ROOT, Study, copy_of_the_tree

OUTER = """
configfile: "config/config.yaml"


module losslaws:
    snakefile:
        {snakefile}
    config:
        config


use rule * from losslaws


rule mine:
    input:
        "results/smoke/curves/regression_w2.parquet",
    output:
        "mine.txt",
    shell:
        "echo one > {{output}}; echo two >> {{output}}"
"""


def outer_workflow(folder, snakefile):
    """Return somebody else's workflow that uses ours and has a rule of its own, with a copy of our configuration."""
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copy2(ROOT / "tests/data/smoke.yaml", folder / "config/config.yaml")
    study = Study(folder)
    (folder / "workflow").mkdir()
    study.write("workflow/Snakefile", OUTER.format(snakefile=snakefile))
    return study


@pytest.fixture
def beside(tmp_path):
    """A workflow that uses this checkout."""
    return outer_workflow(tmp_path / "outer", f'"{ROOT / "workflow/Snakefile"}"')


@pytest.fixture
def deployed(tmp_path, monkeypatch):
    """A workflow that uses a release on GitHub, for which git takes a repository here; the library is installed."""
    home = copy_of_the_tree(tmp_path / "repository").folder
    for command in ("init --quiet", "add --all", "commit --quiet --message=Release", "tag v1.0.0"):
        name = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *name, *command.split()], cwd=home, check=True)
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "file://{home}"]\n\tinsteadOf = https://github.com/losslaws/losslaws\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.fspath(config))
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.fspath(ROOT / "workflow"))
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    return outer_workflow(tmp_path / "outer", 'github("losslaws/losslaws", path="workflow/Snakefile", tag="v1.0.0")')


@pytest.mark.parametrize("way", ["beside", "deployed"])
def test_another_workflow_uses_this_one_as_a_module(way, request, unbuilt):
    study = request.getfixturevalue(way)
    assert study.planned() == unbuilt.planned()
    study.build("mine.txt", "results/smoke/figures/aic_comparison.png")
    assert study.text("mine.txt") == "one\ntwo\n"
    assert (study.folder / "results/smoke/provenance/fit/regression_w2.json").is_file()
    assert study.planned("mine.txt", "results/smoke/figures/aic_comparison.png") == set()


def test_the_catalog_and_snakedeploy_find_what_they_look_for():
    settings = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))
    assert set(settings["usage"]) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert (ROOT / "workflow/Snakefile").is_file()
    assert (ROOT / "config/README.md").is_file()
    assert (ROOT / "config/config.yaml").read_bytes() == (ROOT / "config.yaml").read_bytes()
