"""versitygw on this machine: an S3 server with versions, Object Lock, users and policies.

Built from source by ``make`` where there is Go (tests/services/versitygw/go.mod). It keeps every
object as a plain file ``<bucket>/<key>``, with what else it knows in extended attributes.
"""

import os
import subprocess
from pathlib import Path

from tests.services.running import Service, User

PROGRAM = Path(__file__).parents[2] / ".versitygw" / "versitygw"
ABSENT = "versitygw is not built: it takes Go 1.25 or newer, then: make .versitygw/.done"


class Versitygw(Service):
    """A running versitygw."""

    name = "versitygw"
    access_key = "archive"
    secret_key = "archivesecret123"

    @property
    def objects(self) -> Path:
        """Buckets are folders in it, and keys are paths in those."""
        return self.data / "buckets"

    def start(self) -> None:
        """Run it, on what ``data`` holds, until it answers."""
        for folder in ("buckets", "versions", "users"):
            (self.data / folder).mkdir(exist_ok=True)
        self._run(
            "versitygw",
            [
                PROGRAM,
                *("--port", f"127.0.0.1:{self.ports[0]}", "--iam-dir", self.data / "users"),
                *("--keep-alive", "--quiet", "--health", "/health"),
                *("posix", "--versioning-dir", self.data / "versions", self.objects),
            ],
            {"ROOT_ACCESS_KEY": self.access_key, "ROOT_SECRET_KEY": self.secret_key},
        )
        self._wait(f"{self.endpoint}/health")

    def path(self, bucket: str, key: str) -> Path:
        """The file of the newest version of an object."""
        return self.objects / bucket / key

    def make_user(self, name: str) -> User:
        """A new user with keys of its own, who may nothing yet."""
        user = User(name, f"{name}-secret-123", name)
        self._admin(
            *("create-user", "--role", "user"),
            *("--access", user.access_key, "--secret", user.secret_key),
        )
        return user

    def _admin(self, *arguments: str) -> None:
        done = subprocess.run(
            [PROGRAM, "admin", "--endpoint-url", self.endpoint, *arguments],
            env=os.environ
            | {"ADMIN_ACCESS_KEY": self.access_key, "ADMIN_SECRET_KEY": self.secret_key},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
