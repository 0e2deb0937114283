"""How far a replication may go: in bytes sent, in time, in requests."""

import threading
import time

from wiazka.amounts import Budget


class Spending:
    """What a run has spent of its limits. For several threads at once."""

    def __init__(self, limits: Budget | None = None) -> None:
        self.bytes = 0
        self.requests = 0
        self._has_sent = False
        self._limits = limits or Budget()
        self._lock = threading.Lock()
        duration = self._limits.duration
        self._until = time.monotonic() + duration.total_seconds() if duration else None

    def ask(self, requests: int) -> None:
        """Add requests that sent nothing: what an earlier run left is proved again."""
        with self._lock:
            self.requests += requests

    def send(self, size: int, requests: int) -> None:
        """Add what a file took that was sent."""
        with self._lock:
            self.bytes += size
            self.requests += requests
            self._has_sent = True

    @property
    def is_over(self) -> bool:
        """Whether a limit is reached: nothing more is begun then.

        Never before a file was sent: proving what is there could take the whole of a small budget,
        and every run has to come further.
        """
        limits = self._limits
        if not self._has_sent:
            return False
        return (
            (limits.bytes is not None and self.bytes >= limits.bytes)
            or (limits.requests is not None and self.requests >= limits.requests)
            or (self._until is not None and time.monotonic() >= self._until)
        )
