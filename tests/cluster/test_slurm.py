"""A study that went through SLURM, lost a node and a program on the way, and ends as a local run does.

A cluster of one host is started for it. Without SLURM, or without root, this fails: `make test` leaves it out, and
`make test-cluster` is for where it can run.
"""

import os
import subprocess
import sys
import time

import psutil
import pytest
import slurm_host
from contents import contents
from tiny_study import copy_of_the_tree

CONFIG = """
run: [tiny]
experiments:
  tiny:
    tasks: [regression]
    widths: [2, 3]
    seeds: [1, 2]
    training: {epochs: 40}
"""
CLUSTER = [
    "--workflow-profile=profiles/slurm",
    # This cluster has no accounting database, and jobs that take seconds.
    "--slurm-status-command=squeue",
    "--slurm-init-seconds-before-status-checks=2",
]
PATIENCE = 600
"""Seconds that any one thing may take on a slow machine."""


@pytest.fixture
def cluster(tmp_path_factory):
    """A running cluster: the folder that it lives in."""
    assert slurm_host.missing() == [], "needs SLURM and root: apt-get install slurmctld slurmd munge"
    folder = tmp_path_factory.mktemp("cluster")
    slurm_host.start(folder)
    yield folder
    slurm_host.stop(folder)


@pytest.fixture
def environment(cluster):
    """The environment variables of a user of the cluster."""
    return {
        **os.environ,
        "SLURM_CONF": str(cluster / "slurm.conf"),
        "PATH": f"{cluster / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.fixture
def start():
    """A function that starts Snakemake on a study; what it says goes to ``said.txt`` there."""
    started = []

    def start(study, *arguments, environment=None):
        with (study.folder / "said.txt").open("a", encoding="utf-8") as said:
            command = [sys.executable, "-m", "snakemake", *arguments]
            started.append(subprocess.Popen(command, cwd=study.folder, env=environment, stdout=said, stderr=said))
        return started[-1]

    yield start
    for process in started:
        process.kill()


def wait_for(condition, study):
    """Wait until the condition holds; return what it gave."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, study.text("said.txt")[-6000:]
        time.sleep(0.1)
    return value


def running_script(study, name):
    """Return the processes that run a script of the workflow on a study; Snakemake gives them a copy of the script."""
    commands = {process: process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])}
    start, end = str(study.folder / ".snakemake" / "scripts"), f".{name}"
    return [
        process
        for process, command in commands.items()
        if any(part.startswith(start) and part.endswith(end) for part in command)
    ]


def test_a_lost_node_and_a_killed_program_change_no_result(cluster, environment, start, tmp_path):
    here, there = copy_of_the_tree(tmp_path / "here"), copy_of_the_tree(tmp_path / "there")
    for study in (here, there):
        study.write("config.yaml", CONFIG)
    local = start(here, "--cores=1")

    first = start(there, *CLUSTER, environment=environment)
    curves = there.folder / "results" / "tiny" / "curves"
    wait_for(lambda: [*curves.glob("*.parquet")] and running_script(there, "train.py"), there)
    slurm_host.lose_node(cluster)
    (killed, *_) = wait_for(lambda: running_script(there, "fit.py"), there)
    killed.kill()
    assert first.wait(PATIENCE) == 1, there.text("said.txt")[-6000:]

    told = subprocess.run(
        ["scontrol", "--oneliner", "show", "jobs"], env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    (training,) = (line for line in told if "Comment=rule_train" in line)
    (fitting,) = (line for line in told if "Comment=rule_fit" in line)
    assert "Restarts=1 " in training, "SLURM was to start the job of the lost node again"
    assert "JobState=COMPLETED " in training
    assert "Restarts=0 " in fitting, "SLURM was not to repeat a program that failed"
    assert "JobState=FAILED " in fitting

    second = start(there, *CLUSTER, environment=environment)
    assert second.wait(PATIENCE) == 0, there.text("said.txt")[-6000:]
    assert local.wait(PATIENCE) == 0, here.text("said.txt")[-6000:]
    one, other = contents(here), contents(there)
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert len(one) > 10
