"""The wiazka command in a process of its own that can be killed, begun at once.

It is forked from a process that has imported already what takes seconds, so that a strike hits
work, not imports. What starts threads when it is imported (NumPy, Siegfried) is left to each
process: a thread does not survive a fork.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        *("wiazka.cli.main", "wiazka.stores.s3", "alembic.command", "wiazka.ingest.desk"),
        *("wiazka.ingest.run", "wiazka.cli.ingest", "wiazka.report.receipt", __name__),
    ]
)


class Command:
    """One run of it, that begins at once; what it says goes to a file."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], keys: Mapping[str, str]) -> None:
        self._said = folder / "said"
        self._process = _CONTEXT.Process(
            target=_wiazka, args=(folder, arguments, dict(keys), self._said)
        )
        self._process.start()

    def kill(self) -> None:
        """``kill -9``, if it runs still."""
        self._process.kill()

    def ended(self) -> bool:
        """Whether it has come to an end, of itself or not."""
        return not self._process.is_alive()

    def wait(self, seconds: float) -> int | None:
        """Its exit code, below 0 when it was killed; None when it has not ended by then."""
        self._process.join(seconds)
        return self._process.exitcode

    def said(self) -> str:
        """All that it said so far."""
        return self._said.read_text("utf-8") if self._said.exists() else ""


def _wiazka(folder: Path, arguments: tuple[str, ...], keys: dict[str, str], said: Path) -> None:
    os.chdir(folder)
    os.environ |= keys
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(descriptor, stream.fileno())
    sys.argv = ["wiazka", *arguments]
    from wiazka.cli.main import main

    main()
