"""What a cluster is asked for, and what is asked of it; tests/cluster runs a study through a real one."""

import re
from pathlib import Path

import yaml

from losslaws.plan.steps import planned_steps

ROOT = Path(__file__).parents[2]
PROFILE = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
ALONE = {"all", "curves", "fits", "compare", "validate"}
"""Rules that run nothing, or read several experiments."""

STUDIES = """
run: [small, wider, longer, more_seeds, deeper, many]
defaults:
  training: {epochs: 1000}
experiments:
  small: {tasks: [regression], widths: [8]}
  wider: {tasks: [regression], widths: [512]}
  longer: {tasks: [regression], widths: [8], training: {epochs: 30000}}
  more_seeds: {tasks: [regression], widths: [8], seeds: &seeds [SEEDS]}
  deeper: {tasks: [regression], widths: [8], training: {depth: 8}}
  many: {tasks: [regression], widths: [1, 2, 3, 4, 5, 6, 7, 8], seeds: *seeds, analyses: [universality, evidence]}
"""


def asked_for(study):
    """Return the memory and the time that the jobs of a rule and an experiment ask for, by both names."""
    study.write("config.yaml", STUDIES.replace("SEEDS", ", ".join(map(str, range(100)))))
    told = study.build("--dry-run", "results/small/evidence.json", "all")
    job = r"^ *rule (\w+):\n(?: .*\n)*? +wildcards: experiment=(\w+).*\n(?: .*\n)*? +resources: .*"
    return {
        (rule, name): (int(memory), int(runtime))
        for rule, name, runtime, memory in re.findall(job + r"runtime=(\d+), mem_mb=(\d+)", told, flags=re.MULTILINE)
    }


RULE = r"^ *rule ?(\w*):\n((?:     *.*\n|\n)+)"


def groups():
    """Return the group of each rule, by its name; rules made in a loop under their file's."""
    found = {}
    for path in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for name, text in re.findall(RULE, path.read_text(encoding="utf-8"), re.MULTILINE):
            group = re.search(r"group:\n +(.+)\n", text)
            found[name or path.stem] = group[1].strip('"') if group else None
    return found


def test_every_rule_that_runs_is_in_a_group():
    assert {name for name, group in groups().items() if group is None} == ALONE - {"all"}
    assert groups()["analyses"] == "STEP.group"


def test_every_group_that_shares_a_job_exists():
    shared = {entry.split("=")[0] for entry in PROFILE["group-components"]}
    of_steps = {planned.group for planned in planned_steps()}
    every = ({*groups().values()} | of_steps) - {None, "STEP.group", "summary"}
    # A kind of step that shares no job yet is a SLURM job for each, so a new analysis needs no edit of the profile.
    assert shared <= every
    assert shared >= {"data", "train", "fit", "evidence", "multiverse"}


def test_what_failed_is_not_repeated_but_what_a_node_lost_is():
    assert (PROFILE["retries"], PROFILE["slurm-requeue"]) == (0, True)


def test_a_job_asks_for_more_where_there_is_more_to_do(unbuilt):
    asked = asked_for(unbuilt)
    memory, runtime = asked["train", "small"]
    for name in ("wider", "longer", "more_seeds", "deeper"):
        assert asked["train", name][1] > runtime, name
    for name in ("wider", "longer", "more_seeds"):
        assert asked["train", name][0] > memory, name
    for rule in ("fit", "evidence", "multiverse", "universality", "figure_aic_comparison", "page"):
        assert asked[rule, "many"][0] > asked[rule, "small"][0], rule
        assert asked[rule, "many"][1] >= asked[rule, "small"][1], rule
    assert asked["multiverse", "many"][1] > asked["multiverse", "small"][1]
