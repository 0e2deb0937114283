"""OpenStack Swift with its S3 interface on this machine: a real object store for demo and tests.

It runs from a virtual environment of its own, needs no root, and keeps every object as a file under
``devices/``, so that a test can flip a byte of one.
"""

import os
import subprocess
from pathlib import Path

from tests.services.running import Service

VENV = Path(__file__).parents[2] / ".swift-venv"
ACCESS_KEY = "archive:archiver"
SECRET_KEY = "archivesecret123"
_KINDS = ("account", "container", "object")

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
# In one process: swift-ring-builder needs nine, and each takes a second to begin.
_MAKE_RINGS = """
import sys
from swift.common.ring import RingBuilder
for ring in sys.argv[2:]:
    kind, port = ring.split("=")
    builder = RingBuilder(4, 1, 0)
    builder.add_dev(
        dict(region=1, zone=1, ip="127.0.0.1", port=int(port), device="d1", weight=1)
    )
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{kind}.ring.gz")
"""


class Swift(Service):
    """A running Swift: three kinds of storage servers, and the proxy that speaks S3."""

    name = "swift"
    access_key = ACCESS_KEY
    secret_key = SECRET_KEY

    def __init__(self, data: Path) -> None:
        super().__init__(data, len(_KINDS) + 1)
        _configure(self.data, self.ports)

    @property
    def objects(self) -> Path:
        """What the object server keeps: a file an object."""
        return self.data / "devices"

    def start(self) -> None:
        """Run it, on what ``data`` holds, until it answers."""
        for kind in (*_KINDS, "proxy"):
            program = VENV / "bin" / f"swift-{kind}-server"
            self._run(kind, [VENV / "bin" / "python", program, self.data / f"{kind}-server.conf"])
        # The proxy is well before those behind it are up, and then answers puts with 503.
        self._wait(*(f"http://127.0.0.1:{port}/healthcheck" for port in self.ports))


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
    rings = [f"{kind}={port}" for kind, port in zip(_KINDS, ports[1:], strict=True)]
    subprocess.run([VENV / "bin" / "python", "-c", _MAKE_RINGS, data, *rings], check=True)
