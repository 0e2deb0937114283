"""What servers of a test run share: free ports, a client, and an end with whoever started them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from wiazka.stores.s3_answers import credential_variables

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_WATCHER = Path(__file__).with_name("watcher.py")
_START_SECONDS = 60
_LOOK_SECONDS = 0.05


def free_ports(number: int) -> list[int]:
    """That many ports of the loopback interface on which nobody listens."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def answers(url: str) -> bool:
    """Whether a server answers there, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is not the server's owner, and may only what a bucket's policy allows.

    ``principal`` is how such a policy names them.
    """

    access_key: str
    secret_key: str
    principal: str


class Service(ABC):
    """An S3 server on this machine, of one or several processes, that keeps everything in ``data``.

    Used as a context manager it runs until the block ends, with its keys in the environment for the
    store of its name. ``kill`` and ``start`` in between show what survives; endpoint and data stay.
    """

    name: str
    access_key: str
    secret_key: str
    # Whether whoever has a wrong secret is turned away.
    verifies_signatures = True

    def __init__(self, data: Path, ports: int = 1) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self.ports = free_ports(ports)
        self.endpoint = f"http://127.0.0.1:{self.ports[0]}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._watchers: list[subprocess.Popen[bytes]] = []

    @property
    def objects(self) -> Path:
        """The folder in which objects are files."""
        return self.data

    @property
    def pids(self) -> list[int]:
        """Its processes, the first of them the one that answers."""
        return [process.pid for process in self._processes]

    @abstractmethod
    def start(self) -> None:
        """Run it, on what ``data`` holds, until it answers. Raises RuntimeError with its logs."""

    def kill(self) -> None:
        """``kill -9`` of all its processes; they are gone when this returns."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """The orderly end of all its processes."""
        self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        self.let_in(self.name)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def let_in(self, store: str) -> None:
        """Put the server's keys into the environment, where the store of that name finds them."""
        for variable, value in zip(
            credential_variables(store), (self.access_key, self.secret_key), strict=True
        ):
            os.environ[variable] = value

    def client(self, access_key: str | None = None, secret_key: str | None = None) -> "S3Client":
        """A plain boto3 client with the server's own keys, or a user's."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=access_key or self.access_key,
            aws_secret_access_key=secret_key or self.secret_key,
        )

    def make_bucket(self, name: str, *, versioning: bool = False, lock: bool = False) -> None:
        """A new bucket, unless it is there; with Object Lock it has versions, too."""
        client = self.client()
        if name not in {bucket["Name"] for bucket in client.list_buckets().get("Buckets", [])}:
            # No argument at all for the rest: not every server knows the header.
            client.create_bucket(
                Bucket=name, **({"ObjectLockEnabledForBucket": True} if lock else {})
            )
        if versioning and not lock:
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def make_user(self, name: str) -> User:
        """A new user with keys of its own, who may nothing yet."""
        raise NotImplementedError(f"{self.name} has no users with policies")

    def allow(self, bucket: str, *statements: Mapping[str, object]) -> None:
        """Let these statements be the bucket's policy, whatever it was before."""
        policy = {"Version": "2012-10-17", "Statement": statements}
        self.client().put_bucket_policy(
            Bucket=bucket, Policy=json.dumps(policy, separators=(",", ":"))
        )

    def object_file(self, content: bytes) -> Path:
        """The file of the object with this content, so that a test can flip a byte of it."""
        for path in self.objects.rglob("*"):
            if (
                path.is_file()
                and path.stat().st_size == len(content)
                and path.read_bytes() == content
            ):
                return path
        raise FileNotFoundError("no object with that content")

    def _run(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> None:
        """One of its processes, which writes to ``<name>.log``; it ends when this process ends."""
        with (self.data / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | dict(environment or {}),
                start_new_session=True,
            )
        self._processes.append(process)
        watcher = subprocess.Popen(
            [sys.executable, "-S", "-E", _WATCHER, str(process.pid), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._watchers.append(watcher)

    def _wait(self, *urls: str) -> None:
        """Until all of ``urls`` answer. Raises RuntimeError when a process ended before."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and all(one.poll() is None for one in self._processes):
            if all(answers(url) for url in urls):
                return
            time.sleep(_LOOK_SECONDS)
        logs = "\n".join(
            path.read_text("utf-8", "replace")[-2000:] for path in self.data.glob("*.log")
        )
        raise RuntimeError(f"{self.name} did not start:\n{logs}")

    def _end(self, how: signal.Signals) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, how)
        for process in self._processes:
            process.wait()
        for watcher in self._watchers:
            watcher.kill()
            watcher.wait()
        self._processes.clear()
        self._watchers.clear()
