"""A SLURM cluster of one host, on the loopback interface, for tests: started, used and stopped without a trace.

It needs root, because slurmd changes users, and Debian's packages ``slurmctld``, ``slurmd``, ``slurm-client`` and
``munge``; it needs neither systemd, nor control groups, nor an accounting database. By hand::

    python tests/cluster/slurm_host.py start /tmp/slurm
    export SLURM_CONF=/tmp/slurm/slurm.conf PATH=/tmp/slurm/bin:$PATH
    sinfo
    python tests/cluster/slurm_host.py stop /tmp/slurm
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol")
NODE = "one"
PATIENCE = 60

# Everything listens on loopback alone (NoCtldInAddrAny, NoInAddrAny, and addresses of 127.0.0.1). Processes are
# followed without control groups, which a container may not have. A finished job stays in `squeue` for MinJobAge
# seconds, which stands in for the accounting database. A node that is silent for SlurmdTimeout seconds is down; its job
# goes back into the queue where it was sent with --requeue, and starts again once its credential has expired. A node
# that is back sooner is not missed: SLURM would take its job for one that runs. The memory of the node is on paper.
CONFIGURATION = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthInfo=socket={folder}/munge/socket,cred_expire=10
SlurmUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=2
MinJobAge=600
JobRequeue=0
KillWait=2
SlurmdTimeout=10
NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=64000 State=UNKNOWN
PartitionName=all Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """Return what this host lacks to be a cluster: names of programs, and ``root``."""
    found = os.defpath + os.pathsep + os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    return [name for name in PROGRAMS if not shutil.which(name, path=found)] + ["root"] * (os.geteuid() != 0)


def start(folder):
    """Start munged, slurmctld and slurmd with everything they write under `folder`; return the configuration's path."""
    for name in ("bin", "munge", "state", "spool"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge" / "key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    configuration = folder / "slurm.conf"
    host, cpus = socket.gethostname().split(".")[0], os.cpu_count()
    configuration.write_text(
        CONFIGURATION.format(folder=folder, host=host, node=NODE, cpus=cpus, ports=_free_ports(2)), encoding="utf-8"
    )
    _write_srun(folder, configuration)
    munge = folder / "munge"
    # Forced: the folder of a test is closed to users other than root, who is the only one here.
    _launch(folder, "munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}/socket",
            f"--pid-file={munge}/pid", f"--seed-file={munge}/seed", f"--log-file={munge}/log")  # fmt: skip
    _wait_for(folder, (munge / "socket").exists, "munged")
    _launch(folder, "slurmctld", "-D", "-f", configuration)
    _launch_slurmd(folder)
    _wait_for(folder, lambda: "idle" in _node_state(folder), "slurmd")
    return configuration


def lose_node(folder):
    """Kill the node and everything that runs on it, as a power cut does, and boot it again once it has been missed."""
    _kill_node(folder)
    _wait_for(folder, lambda: "down" in _node_state(folder), "slurmctld")
    _launch_slurmd(folder)
    _wait_for(folder, lambda: _node_state(folder).strip() not in ("", "down", "down*"), "slurmd")


def stop(folder):
    """Stop the daemons, and whatever jobs there are."""
    _kill_node(folder)
    for name in ("slurmctld", "munged"):
        _end(folder, name, signal.SIGTERM, signal.SIGKILL)


def _kill_node(folder):
    # The node's own programs go first, lest they report the death of a job.
    steps = [process for process in psutil.process_iter(["name"]) if process.info["name"] == "slurmstepd"]
    running = [child for step in steps for child in step.children(recursive=True)]
    _end(folder, "slurmd", signal.SIGKILL)
    for process in [*steps, *running]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _launch_slurmd(folder):
    _launch(folder, "slurmd", "-D", "-f", folder / "slurm.conf", "-N", NODE)


def _write_srun(folder, configuration):
    """Write the `srun` that a job has to find first, for the executor plugin takes SLURM_CONF from its environment."""
    program = folder / "bin" / "srun"
    program.write_text(f'#!/bin/sh\nSLURM_CONF={configuration} exec {shutil.which("srun")} "$@"\n', encoding="utf-8")
    program.chmod(0o755)


def _launch(folder, program, *arguments):
    with (folder / f"{program}.out").open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [shutil.which(program) or f"/usr/sbin/{program}", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    (folder / f"{program}.started").write_text(str(process.pid), encoding="utf-8")


def _wait_for(folder, ready, program):
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob(f"{program}.*")))
            stop(folder)
            sys.exit(f"{program} did not come up within {PATIENCE} s in {folder}:\n{logs}")
        time.sleep(0.2)


def _node_state(folder):
    """Return the state of the node as `sinfo` tells it, nothing where that fails."""
    environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
    command = ["sinfo", "--noheader", "--format=%t"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False).stdout


def _end(folder, program, *signals):
    """Send a program that was started the signals in turn, each for five seconds, until it is gone."""
    started = folder / f"{program}.started"
    pid = int(started.read_text(encoding="utf-8")) if started.exists() else None
    for number in signals if pid else ():
        for _ in range(50):
            try:
                os.kill(pid, number)
                os.waitpid(pid, os.WNOHANG)
            except ProcessLookupError:
                return
            except ChildProcessError:
                pass
            time.sleep(0.1)


def _free_ports(number):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


if __name__ == "__main__":
    command, place = sys.argv[1:]
    if lacking := missing():
        sys.exit(f"a cluster of one host needs {', '.join(lacking)}: apt-get install slurmctld slurmd munge, as root")
    {"start": start, "stop": stop}[command](Path(place).absolute())
