"""How far a long run has come, on Prefect's page. What the page does not take stops no run."""

import logging
import time
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from wiazka.amounts import Budget

_EVERY_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Progress:
    """A progress artifact: the share of the ``copies`` due, or of the budget, whichever is more."""

    def __init__(self, key: str, copies: int, budget: Budget) -> None:
        self._copies, self._budget = copies, budget
        self._done = self._bytes = 0
        self._began = self._shown = time.monotonic()
        self._artifact: UUID | None = None
        try:
            made = create_progress_artifact(0.0, key, self._told)
            self._artifact = made if isinstance(made, UUID) else None
        except Exception as error:
            _log.warning("Progress is not shown: %s", error)

    def add(self, size: int) -> None:
        """One more copy was looked at, of so many bytes."""
        self._done += 1
        self._bytes += size
        if time.monotonic() - self._shown >= _EVERY_SECONDS:
            self._show(min(99.0, self._share))

    def end(self) -> None:
        """All is done, or as much as the budget gave."""
        self._show(100.0)

    def _show(self, percent: float) -> None:
        self._shown = time.monotonic()
        if self._artifact is None:
            return
        try:
            update_progress_artifact(self._artifact, percent, self._told)
        except Exception as error:
            # A server that is gone keeps each try waiting for minutes.
            self._artifact = None
            _log.warning("Progress is shown no longer: %s", error)

    @property
    def _share(self) -> float:
        shares = [self._done / self._copies if self._copies else 0.0]
        if self._budget.bytes:
            shares.append(self._bytes / self._budget.bytes)
        if self._budget.duration:
            passed = time.monotonic() - self._began
            shares.append(passed / self._budget.duration.total_seconds())
        return 100 * max(shares)

    @property
    def _told(self) -> str:
        return f"{self._done} of {self._copies} copies due, {self._bytes / 1e9:.1f} GB"
