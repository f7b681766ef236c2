"""A full disk costs a run, with a sentence that says so, and no result."""

import resource
import shutil
import subprocess
import sys

import pytest
from contents import contents, differences
from tiny_study import Study

ROOM_FOR_SOME = 1200 * 1024
"""Bytes: enough to start, and too little for all figures."""

MAX_FILE = 60 * 1024


def limit_file_size():
    """Let this process and its children write no large file: what a full disk is where nobody may mount a small one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, resource.RLIM_INFINITY))


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 8 MB, or None where this user cannot mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        yield folder
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    else:
        yield None


def fill(folder, room):
    """Write a file that leaves so many bytes of room; return its path."""
    path = folder / "filler"
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.write(bytes(shutil.disk_usage(folder).free - room))
    return path


def run_with_small_files(study):
    """Run the study where no file may be large."""
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=study.folder,
        preexec_fn=limit_file_size,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def check_told(told, study, uninterrupted):
    """Check that a run without room named a file that it could not write, and left whole files only."""
    assert "could not be written (" in told, told[-4000:]
    assert "fix that and rerun the same command" in told
    assert differences(study, uninterrupted) == []


def test_with_room_again_the_run_goes_on_to_the_same_content(small_disk, fresh, uninterrupted):
    study = fresh("study")
    if small_disk:
        study = Study(shutil.copytree(study.folder, small_disk / "study"))
        fill(small_disk, 0)
        refused = study.run()
        assert refused.returncode != 0
        assert "has less than 1 MB of free space: free some and rerun the same command" in refused.stdout
        filler = fill(small_disk, ROOM_FOR_SOME)
        done = study.run()
        filler.unlink()
    else:
        done = run_with_small_files(study)
    assert done.returncode != 0
    check_told(done.stdout, study, uninterrupted)
    study.build()
    assert contents(study) == contents(uninterrupted)
