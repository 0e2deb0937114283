"""How far a replication may go: in bytes sent, in time, in requests."""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """None is no limit. ``requests`` counts what stores are asked, source and target alike."""

    bytes: int | None = None
    duration: timedelta | None = None
    requests: int | None = None


class Spending:
    """What a run has spent of its limits. For several threads at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.bytes = 0
        self.requests = 0
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        duration = self._limits.duration
        self._until = time.monotonic() + duration.total_seconds() if duration else None

    def spend(self, sent: int, requests: int) -> None:
        """Add what one file took."""
        with self._lock:
            self.bytes += sent
            self.requests += requests

    @property
    def is_over(self) -> bool:
        """Whether a limit is reached: nothing more is begun then."""
        limits = self._limits
        return (
            (limits.bytes is not None and self.bytes >= limits.bytes)
            or (limits.requests is not None and self.requests >= limits.requests)
            or (self._until is not None and time.monotonic() >= self._until)
        )
