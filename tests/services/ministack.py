"""ministack on this machine: an emulator of S3, for a store that tells digests where no other does.

It runs from a virtual environment of its own, is no store to keep anything in, and by default lets
in whoever asks.
"""

from pathlib import Path

from tests.services.running import Service

VENV = Path(__file__).parents[2] / ".ministack-venv"


class Ministack(Service):
    """A running ministack."""

    name = "ministack"
    access_key = "archive"
    secret_key = "archivesecret123"
    verifies_signatures = False

    @property
    def objects(self) -> Path:
        """Buckets are folders in it, and keys are paths in those."""
        return self.data / "objects"

    def start(self) -> None:
        """Run it, on what ``data`` holds, until it answers."""
        self._run(
            "ministack",
            [VENV / "bin" / "ministack"],
            {
                # Else it listens on all interfaces of the machine.
                "BIND_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(self.ports[0]),
                "SERVICES": "s3",
                "S3_PERSIST": "1",
                "S3_DATA_DIR": str(self.objects),
                "PERSIST_STATE": "1",
                "STATE_DIR": str(self.data / "state"),
            },
        )
        self._wait(f"{self.endpoint}/_ministack/health")
