import os
import subprocess
import sys

from deploy.trial.process import Confinement, cpu_seconds, read_confinement

STATUS = """Name:\tbentoml
Uid:\t65532\t65532\t65532\t65532
CapEff:\t0000000000000000
NoNewPrivs:\t1
"""
MOUNTS = """76 51 0:40 / / ro,relatime - overlay overlay rw,lowerdir=/a
81 76 0:45 / /tmp rw,nosuid - tmpfs tmpfs rw,size=262144k
"""


def test_a_confined_process_is_read_as_one() -> None:
    assert read_confinement(STATUS, MOUNTS) == Confinement(
        65532, "0000000000000000", no_new_privileges=True, read_only_root=True
    )


def test_a_free_process_is_read_as_one() -> None:
    status = STATUS.replace("65532", "0").replace("NoNewPrivs:\t1", "NoNewPrivs:\t0")
    # The file system behind is what may be written or not; the mount's own flags come first.
    mounts = MOUNTS.replace("ro,relatime", "rw,relatime")

    assert read_confinement(status, mounts) == Confinement(
        0, "0000000000000000", no_new_privileges=False, read_only_root=False
    )


def test_what_is_mounted_over_the_root_counts() -> None:
    again = "90 76 0:50 / / rw,relatime - overlay overlay rw\n"

    assert not read_confinement(STATUS, MOUNTS + again).read_only_root


def test_the_time_of_children_counts() -> None:
    script = (
        "import time\nwhile time.process_time() < 0.3: pass\nprint('spent', flush=True)\ninput()"
    )
    before = cpu_seconds(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert cpu_seconds(child.pid) >= 0.28
        assert cpu_seconds(os.getpid()) >= before + 0.28
        child.kill()
