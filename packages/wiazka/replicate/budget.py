"""How far a replication may go: as any run, but never without having come further."""

from wiazka import spending
from wiazka.amounts import Budget


class Spending(spending.Spending):
    """What a run has spent of its limits. For several threads at once."""

    def __init__(self, limits: Budget | None = None) -> None:
        super().__init__(limits)
        self._has_sent = False

    def ask(self, requests: int) -> None:
        """Add requests that sent nothing: what an earlier run left is proved again."""
        self.spend(spending.Cost(requests=requests))

    def send(self, size: int, requests: int) -> None:
        """Add what a file took that was sent."""
        self.spend(spending.Cost(size, requests))
        self._has_sent = True

    @property
    def is_over(self) -> bool:
        """Whether a limit is reached: nothing more is begun then.

        Never before a file was sent: proving what is there could take the whole of a small budget,
        and every run has to come further.
        """
        return self._has_sent and super().is_over
