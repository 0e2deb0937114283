"""The servers of the tests: they end with whoever started them, and keep what they were given."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services import versitygw as versitygw_service
from tests.services.running import answers
from tests.services.versitygw import Versitygw

REPO = Path(__file__).parents[2]
_START_AND_SLEEP = """
import sys, time
from pathlib import Path
from tests.services.versitygw import Versitygw
with Versitygw(Path(sys.argv[1])) as service:
    print(service.endpoint, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not versitygw_service.PROGRAM.exists(), reason=versitygw_service.ABSENT)
def test_a_server_ends_with_a_test_run_that_was_killed(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", _START_AND_SLEEP, tmp_path],
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": str(REPO)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    with run.stdout:
        endpoint = run.stdout.readline().strip()
        assert answers(endpoint)
        run.send_signal(signal.SIGKILL)
        run.wait()
    until = time.monotonic() + 60
    while answers(endpoint) and time.monotonic() < until:
        time.sleep(0.05)
    assert not answers(endpoint)


def test_a_server_that_was_killed_starts_again_on_what_it_had(versitygw: Versitygw) -> None:
    versitygw.make_bucket("kept")
    versitygw.client().put_object(Bucket="kept", Key="a/b.txt", Body=b"kept")
    versitygw.kill()
    assert not answers(versitygw.endpoint)
    versitygw.start()
    answer = versitygw.client().get_object(Bucket="kept", Key="a/b.txt")
    assert answer["Body"].read() == b"kept"
    assert versitygw.path("kept", "a/b.txt") == versitygw.object_file(b"kept")
