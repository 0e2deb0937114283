"""A real clamd (Debian clamav-daemon) with a database of our own, for one test run.

Its only signature is that of the EICAR test file, which harms nobody and which every scanner
knows; no database has to be fetched.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# In two parts, so that no scanner takes this file for a virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Wiazka.Test.EICAR"
LARGEST = 2 << 20
_START_SECONDS = 60
_CONFIG = """Foreground yes
LocalSocket {socket}
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {database}
TemporaryDirectory {temporary}
LogFile {log}
StreamMaxLength {largest}
MaxScanSize 100M
MaxFileSize 100M
"""


@dataclass(frozen=True)
class Scanner:
    """A running clamd: its addresses, as intake.clamd has them, and its process."""

    socket: str
    tcp: str
    process: "subprocess.Popen[bytes]"


def program() -> str | None:
    """Where clamd is; Debian puts it where only root's PATH leads."""
    return shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def clamd(data: Path) -> Iterator[Scanner]:
    """Run clamd until the block ends. Raises RuntimeError where it does not start."""
    database = data / "database"
    temporary = data / "temporary"
    database.mkdir(parents=True)
    temporary.mkdir()
    # name:target (any file):offset (anywhere):signature in hex
    (database / "test.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # A socket's path has to be short, and those of tests are not.
    address = Path("/tmp") / f"wiazka-clamd-{os.getpid()}.ctl"  # noqa: S108
    config = data / "clamd.conf"
    config.write_text(
        _CONFIG.format(
            socket=address,
            port=port,
            database=database,
            temporary=temporary,
            log=data / "clamd.log",
            largest=LARGEST,
        )
    )
    with (data / "output.log").open("wb") as log:
        process = subprocess.Popen(
            [program() or "clamd", "--config-file", config], stdout=log, stderr=log
        )
    try:
        _wait(process, address, data)
        yield Scanner(str(address), f"tcp://127.0.0.1:{port}", process)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        address.unlink(missing_ok=True)


def _wait(process: "subprocess.Popen[bytes]", address: Path, data: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(5)
                probe.connect(str(address))
                probe.sendall(b"zPING\0")
                if probe.recv(10).startswith(b"PONG"):
                    return
        except OSError:
            time.sleep(0.05)
    logs = "\n".join(path.read_text("utf-8", "replace")[-2000:] for path in data.glob("*.log"))
    raise RuntimeError(f"clamd did not start:\n{logs}")
