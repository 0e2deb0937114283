"""The report flow on a real Prefect server."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from flows.serving import local_server
from tests.conftest import House
from tests.services.running import free_ports


def test_the_report_is_written_and_linked_from_its_run(house: House, tmp_path: Path) -> None:
    house.submission("notatka")
    assert house.run("ingest").returncode == 0
    code = f"from flows.report import report; report({str(house.config)!r})"
    with local_server(tmp_path / "prefect", free_ports(1)[0]) as api:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env=os.environ | {"PREFECT_API_URL": api},
        )
        assert done.returncode == 0, done.stderr
        request = urllib.request.Request(
            f"{api}/artifacts/filter", b"{}", {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            [artifact] = json.load(answer)
    assert artifact["key"] == "fixity-report"
    [page] = (house.path / "wiazka-home/reports/fixity").glob("*/fixity.html")
    assert page.absolute().as_uri() in artifact["data"]
