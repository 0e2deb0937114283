"""OpenStack Swift with its S3 interface on this machine: a real object store for demo and tests.

It runs from a virtual environment of its own, needs no root, and keeps every object as a file under
``devices/``, so that a test can flip a byte of one.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

VENV = Path(__file__).parents[2] / ".swift-venv"
ACCESS_KEY = "archive:archiver"
SECRET_KEY = "archivesecret123"
_KINDS = ("account", "container", "object")
_START_SECONDS = 60

_PROXY = """[DEFAULT]
bind_port = {port}
{common}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats bulk s3api tempauth copy slo dlo \
versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_archive_archiver = archivesecret123 .admin
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
allow_object_versioning = true
"""
_PLAIN_FILTERS = (
    *("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "copy", "slo", "dlo"),
    "symlink",
)
_STORAGE = """[DEFAULT]
bind_port = {port}
{common}devices = {data}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = healthcheck {kind}-server
[filter:healthcheck]
use = egg:swift#healthcheck
[app:{kind}-server]
use = egg:swift#{kind}
"""


@dataclass(frozen=True)
class Swift:
    """A running Swift; ``data`` is where its objects are files."""

    endpoint: str
    data: Path

    def object_file(self, content: bytes) -> Path:
        """The file of the object with this content."""
        for path in (self.data / "devices").rglob("*.data"):
            if path.read_bytes() == content:
                return path
        raise FileNotFoundError("no object with that content")

    def make_bucket(self, name: str) -> None:
        """A new bucket, unless it is there."""
        import boto3

        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )
        if name not in {bucket["Name"] for bucket in client.list_buckets().get("Buckets", [])}:
            client.create_bucket(Bucket=name)


@contextmanager
def swift(data: Path) -> Iterator[Swift]:
    """Run Swift on free ports of the loopback interface until the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    ports = _free_ports(4)
    _configure(data, ports)
    servers = [_server(kind, data) for kind in (*_KINDS, "proxy")]
    endpoint = f"http://127.0.0.1:{ports[0]}"
    try:
        _wait(ports, servers, data)
        yield Swift(endpoint, data)
    finally:
        for server in servers:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _server(kind: str, data: Path) -> "subprocess.Popen[bytes]":
    with (data / f"{kind}.log").open("ab") as log:
        return subprocess.Popen(
            [
                VENV / "bin" / "python",
                "-u",
                __file__,
                VENV / "bin" / f"swift-{kind}-server",
                data / f"{kind}-server.conf",
            ],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _wait(ports: list[int], servers: "list[subprocess.Popen[bytes]]", data: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and all(server.poll() is None for server in servers):
        try:
            # The proxy is well before those behind it are up, and then answers puts with 503.
            for port in ports:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthcheck", timeout=1):
                    pass
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    logs = "\n".join(path.read_text("utf-8")[-2000:] for path in data.glob("*.log"))
    raise RuntimeError(f"Swift did not start:\n{logs}")


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _configure(data: Path, ports: list[int]) -> None:
    """Configuration for these ports; what is kept from an earlier run stays readable."""
    (data / "devices" / "d1").mkdir(parents=True, exist_ok=True)
    user = os.environ.get("USER") or "root"
    common = (
        f"bind_ip = 127.0.0.1\nworkers = 0\nswift_dir = {data}\nuser = {user}\nlog_level = ERROR\n"
    )
    seed = data / "swift.conf"
    if not seed.exists():
        # Where an object lies follows from these; another pair would lose every object.
        prefix, suffix = os.urandom(8).hex(), os.urandom(8).hex()
        seed.write_text(
            f"[swift-hash]\nswift_hash_path_prefix = {prefix}\nswift_hash_path_suffix = {suffix}\n"
        )
    filters = "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in _PLAIN_FILTERS)
    proxy = _PROXY.format(port=ports[0], common=common) + filters
    (data / "proxy-server.conf").write_text(proxy)
    for kind, port in zip(_KINDS, ports[1:], strict=True):
        text = _STORAGE.format(port=port, common=common, data=data, kind=kind)
        (data / f"{kind}-server.conf").write_text(text)
        builder = data / f"{kind}.builder"
        builder.unlink(missing_ok=True)
        for arguments in (
            ["create", "4", "1", "0"],
            ["add", f"r1z1-127.0.0.1:{port}/d1", "1"],
            ["rebalance"],
        ):
            subprocess.run(
                [VENV / "bin" / "swift-ring-builder", builder, *arguments],
                check=False,
                capture_output=True,
            )


def _run_until_parent_ends() -> None:
    """Run one server, and end with whoever started it, however that ended."""
    import threading

    parent = os.getppid()

    def watch() -> None:
        # No pipe: a descriptor that anything in the tests' process closes would end the server.
        while os.getppid() == parent:
            time.sleep(0.2)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    script = sys.argv[1]
    sys.argv = sys.argv[1:]
    exec(compile(Path(script).read_text("utf-8"), script, "exec"), {"__name__": "__main__"})  # noqa: S102


if __name__ == "__main__":
    _run_until_parent_ends()
