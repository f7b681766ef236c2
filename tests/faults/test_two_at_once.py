"""Two runs in one directory, two directories at a time, and the lock that a killed run leaves."""

import subprocess
import sys
from pathlib import Path

from contents import contents
from interruptions import STAGES, Moment, interrupt, start, wait_for_stage

MAKE_RUN = ["make", "run", f"BIN={Path(sys.executable).parent}", "--assume-old", ".venv/.installed"]
"""`make run` with the packages that the tests use."""

LONG = "with job(snakemake):\n", "import time\n\nwith job(snakemake):\n    time.sleep(600)\n"
"""What to replace in a script by what, so that its job lasts."""


def make_run(study):
    """Run ``make run``; return the process, all that it showed in `stdout`."""
    return subprocess.run(
        MAKE_RUN, cwd=study.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def test_a_second_run_is_told_and_two_directories_do_not_meet(fresh, uninterrupted):
    here, elsewhere = fresh("here"), fresh("elsewhere")
    first, other = start(here), start(elsewhere)
    wait_for_stage(first, STAGES.index("data"))

    sentence = f"another snakemake is running in {here.folder.resolve()}: wait until it has finished, or stop it"
    plain, made = here.run(), make_run(here)
    for second in (plain, made):
        assert second.returncode != 0
        assert sum(sentence in line for line in second.stdout.splitlines()) == 1, second.stdout
    assert "Traceback" not in plain.stdout

    for process, study in ((first, here), (other, elsewhere)):
        told, _ = process.communicate()
        assert process.returncode == 0, told[-4000:]
        assert contents(study) == contents(uninterrupted)


def test_after_a_kill_nothing_of_it_lives_and_make_run_goes_on(fresh, uninterrupted):
    study = fresh("study")
    study.replace("workflow/scripts/train.py", *LONG)
    assert interrupt(study, Moment("snakemake", STAGES.index("train"), 2.0, 0.0)) == "snakemake"
    study.replace("workflow/scripts/train.py", *reversed(LONG))

    plain = study.run()
    assert plain.returncode != 0
    assert "is still locked by a snakemake that was killed: run snakemake --unlock once, or make run" in plain.stdout
    made = make_run(study)
    assert made.returncode == 0, made.stdout[-4000:]
    assert "Removed the lock of a snakemake that was killed;" in made.stdout
    assert contents(study) == contents(uninterrupted)
    assert study.planned() == set()
