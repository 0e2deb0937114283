"""Ceph's object gateway (RGW) on this machine: one monitor, one storage daemon, one gateway.

From Debian's packages; no systemd, no root, nothing outside of ``data``. The strictest Object Lock
of the servers here, and the only one that stores a body whatever checksum was declared with it.
"""

import json
import shutil
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from tests.services.running import Service, User

PROGRAMS = (
    "ceph-mon",
    "ceph-osd",
    "radosgw",
    "radosgw-admin",
    "ceph",
    "ceph-authtool",
    "monmaptool",
)
ABSENT = "Ceph is not installed: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw"
_CONFIG = """[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{v2},v1:127.0.0.1:{v1}]
mon_initial_members = a
auth_allow_insecure_global_id_reclaim = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
osd_objectstore = bluestore
bluestore_block_size = 10737418240
osd_memory_target = 939524096
keyring = {data}/keyring
run_dir = {data}/run
crash_dir = {data}/run
log_file = {data}/$type.$id.log
mon_cluster_log_file = {data}/cluster.log
admin_socket = {data}/run/$type.$id.$pid.asok
mon_data = {data}/mon
osd_data = {data}/osd
[client]
rgw_data = {data}/run
rgw_frontends = beast endpoint=127.0.0.1:{s3}
"""


def installed() -> bool:
    """Whether all of Ceph's programs are there; Debian's are where only root's PATH leads."""
    return all(_program(name) for name in PROGRAMS)


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


class Ceph(Service):
    """A running Ceph."""

    name = "ceph"
    access_key = "archive"
    secret_key = "archivesecret123"

    def __init__(self, data: Path) -> None:
        super().__init__(data, 3)

    def start(self) -> None:
        """Run it, on what ``data`` holds, until it answers."""
        new = not (self.data / "ceph.conf").exists()
        if new:
            self._make_cluster()
        self._daemon("ceph-mon", "-i", "a")
        if new:
            self._make_storage()
        self._daemon("ceph-osd", "-i", "0", "--keyring", self.data / "osd" / "keyring")
        self._wait_for_storage()
        if new:
            self._make_user("archive", self.access_key, self.secret_key)
        self._daemon("radosgw", "-n", "client.admin", "--keyring", self.data / "keyring")
        self._wait(self.endpoint)

    def make_user(self, name: str) -> User:
        """A new user with keys of its own, who may nothing yet."""
        user = User(name, f"{name}-secret-123", f"arn:aws:iam:::user/{name}")
        self._make_user(name, user.access_key, user.secret_key)
        return user

    def allow(self, bucket: str, *statements: Mapping[str, object]) -> None:
        """The bucket's owner may all, too: what others put there is not the owner's."""
        arn = f"arn:aws:s3:::{bucket}"
        owner = {
            "Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam:::user/archive"]},
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
        }
        super().allow(bucket, *statements, owner)

    def object_file(self, content: bytes) -> Path:
        """Objects of Ceph are in no files."""
        raise NotImplementedError

    def _make_cluster(self) -> None:
        s3, v2, v1 = self.ports
        keyring, monmap = self.data / "keyring", self.data / "monmap"
        for folder in ("run", "osd"):
            (self.data / folder).mkdir()
        fsid = str(uuid.uuid4())
        config = _CONFIG.format(fsid=fsid, data=self.data, s3=s3, v2=v2, v1=v1)
        (self.data / "ceph.conf").write_text(config)
        everything = (
            "--cap",
            "mon",
            "allow *",
            "--cap",
            "osd",
            "allow *",
            "--cap",
            "mgr",
            "allow *",
        )
        for who in (("--create-keyring", "-n", "mon."), ("-n", "client.admin")):
            _call("ceph-authtool", keyring, *who, "--gen-key", *everything)
        address = f"[v2:127.0.0.1:{v2},v1:127.0.0.1:{v1}]"
        _call("monmaptool", "--create", "--fsid", fsid, "--addv", "a", address, monmap)
        self._command("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)

    def _make_storage(self) -> None:
        identity = str(uuid.uuid4())
        key = _call("ceph-authtool", "--gen-print-key").strip()
        secrets = json.dumps({"cephx_secret": key})
        self._command("ceph", "osd", "new", identity, "-i", "-", given=secrets)
        keyring = self.data / "osd" / "keyring"
        _call("ceph-authtool", "--create-keyring", keyring, "--name", "osd.0", "--add-key", key)
        self._command("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", identity, "--keyring", keyring)

    def _wait_for_storage(self) -> None:
        # A gateway that starts before there is storage gives up after a while.
        until = time.monotonic() + 60
        while json.loads(self._command("ceph", "osd", "stat", "--format=json"))["num_up_osds"] < 1:
            if time.monotonic() > until:
                raise RuntimeError("Ceph's storage daemon did not start")
            time.sleep(0.2)

    def _make_user(self, name: str, access_key: str, secret_key: str) -> None:
        self._command(
            *("radosgw-admin", "user", "create", f"--uid={name}", f"--display-name={name}"),
            *(f"--access-key={access_key}", f"--secret-key={secret_key}"),
        )

    def _daemon(self, name: str, *arguments: str | Path) -> None:
        program = _program(name)
        assert program is not None, ABSENT
        self._run(name, [program, "-c", self.data / "ceph.conf", *arguments, "-f"])

    def _command(self, name: str, *arguments: str | Path, given: str = "") -> str:
        return _call(name, "-c", self.data / "ceph.conf", *arguments, given=given)


def _call(name: str, *arguments: str | Path, given: str = "") -> str:
    program = _program(name)
    assert program is not None, ABSENT
    done = subprocess.run(
        [program, *arguments], input=given, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return done.stdout
