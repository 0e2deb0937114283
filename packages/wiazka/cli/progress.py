"""A bar of progress on a terminal's standard error; nothing anywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wiazka.cli.output import console

if TYPE_CHECKING:
    from wiazka.intake.tree import Found


class ReadingBar:
    """How much of the files' bytes has been read. Entered, it shows itself where it can."""

    def __init__(self) -> None:
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        error = console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=error,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not error.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    @property
    def is_shown(self) -> bool:
        """Whether anybody sees it: what is only for it need not be found out otherwise."""
        return not self._bar.disable

    def begin(self, what: str, size: int) -> None:
        """Start again from nothing, with ``size`` bytes to be read."""
        self._bar.reset(self._task, description=what, total=size)

    def tell(self, found: "Found") -> None:
        """A file was read. May be called from any thread."""
        self._bar.advance(self._task, found.status.st_size)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Room for lines on the same terminal."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()
