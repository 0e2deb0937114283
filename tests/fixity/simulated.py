"""A store under a policy, day after day, without a store or a catalogue."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wiazka.amounts import Budget
from wiazka.catalogue.fixity_model import AgeGroup, Spent
from wiazka.catalogue.model import Copy
from wiazka.evidence import Grade
from wiazka.fixity.forecast import daily_share
from wiazka.fixity.pace import first_late
from wiazka.fixity.plan import Spendings, StorePlan, planned
from wiazka.fixity.portion import fitting, requests_for
from wiazka.fixity.terms import Terms
from wiazka.settings_of_fixity import FixityPolicy

START = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Held:
    """A copy in the simulated store: what is known of it, by grade."""

    number: int
    size: int
    came: datetime
    proved: dict[Grade, datetime] = field(default_factory=dict)
    standing: int = 0
    failed_at: datetime = START - 1000 * DAY

    def since(self, grade: Grade) -> datetime:
        return self.proved.get(grade, self.came)

    @property
    def copy(self) -> Copy:
        return Copy(str(self.number), 1, "s", self.came, None, None, size=self.size, file_count=1)


@dataclass
class Simulated:
    """A store under a policy, day after day."""

    policy: FixityPolicy
    held: list[Held] = field(default_factory=list)
    damaged: set[int] = field(default_factory=set)
    day: int = 0
    read: list[int] = field(default_factory=list)
    late: Counter[Grade] = field(default_factory=Counter)
    # How fast the store is, and what each audit took of it.
    seconds_per_byte: float = 1.0
    audits: list[tuple[datetime, Spent]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return START + self.day * DAY

    def ingest(self, sizes: Sequence[int]) -> None:
        for size in sizes:
            self.held.append(Held(len(self.held), size, self.now - timedelta(hours=1)))

    def plan(self) -> StorePlan:
        groups = {
            grade: self._groups(grade, every) for grade, every in self.policy.intervals.items()
        }
        today = self.now.date()
        spendings = Spendings(
            [spent for at, spent in self.audits if at.date() == today],
            [spent for at, spent in self.audits if today - 30 * DAY <= at.date() <= today],
        )
        return planned("s", self.policy, Terms(self.policy.price), groups, spendings, today)

    def took(self, day: int) -> float:
        """What the audits of a day took, in the unit of the budget."""
        unit = self.plan().unit
        at = (START + day * DAY).date()
        return sum(unit.spent(spent) for when, spent in self.audits if when.date() == at)

    def run(self, *, answers: bool = True) -> None:
        """One day's audit by the policy; the store may be away."""
        plan, read = self.plan(), 0
        for need, portion in zip(plan.needs, plan.portions, strict=True):
            budget = plan.budget(need)
            if portion.is_empty or budget is None:
                continue
            by_number = {str(one.number): one for one in self.held}
            failed = sorted(
                (one for one in self.held if one.standing), key=lambda one: one.failed_at
            )
            sound = sorted(
                (one for one in self.held if not one.standing),
                key=lambda one: one.since(need.grade),
            )
            copies = fitting(
                (one.copy for one in failed),
                ((one.since(need.grade), one.copy) for one in sound),
                portion,
            )
            took = self._audit(
                (by_number[copy.identity] for copy in list(copies)),
                need.grade,
                budget,
                answers=answers,
            )
            self.audits.append((self.now, took))
            read += took.bytes
        self.read.append(read)
        for grade, every in self.policy.intervals.items():
            for one in self.held:
                if not one.standing and self.now + DAY - one.since(grade) > every:
                    self.late[grade] += 1
        self.day += 1

    def _audit(
        self, copies: Iterable[Held], grade: Grade, budget: Budget, *, answers: bool
    ) -> Spent:
        """Ends after the copy that reaches the budget."""
        size = requests = 0
        for one in copies:
            money = self.policy.price.cost(size, requests).money
            seconds = timedelta(seconds=size * self.seconds_per_byte)
            if (
                (budget.bytes is not None and size >= budget.bytes)
                or (budget.requests is not None and requests >= budget.requests)
                or (budget.duration is not None and seconds >= budget.duration)
                or (budget.money is not None and money >= budget.money)
            ):
                break
            size += self._check(one, grade, answers=answers)
            requests += requests_for(1, 1)
        return Spent(size, requests, size * self.seconds_per_byte)

    def _check(self, one: Held, grade: Grade, *, answers: bool) -> int:
        at = self.now + timedelta(minutes=10)
        if not answers:
            one.standing, one.failed_at = 1, at
            return 0
        if one.number in self.damaged:
            one.standing, one.failed_at = -5, at
        else:
            one.standing = 0
            for weaker in Grade:
                if weaker.strength <= grade.strength:
                    one.proved[weaker] = at
        return one.size if grade is Grade.READ else 0

    def _groups(self, grade: Grade, every: timedelta) -> list[AgeGroup]:
        return [
            AgeGroup(
                one.since(grade).date(),
                one.standing,
                grade in one.proved,
                one.since(grade) >= self.now - every and grade in one.proved,
                one.since(grade).date() != one.came.date(),
                1,
                one.size,
                1,
            )
            for one in self.held
        ]


def store(every: str = "90d", daily: str | None = None, **more: str) -> Simulated:
    chosen = {"read_every": every, **({"daily": daily} if daily else {}), **more}
    return Simulated(FixityPolicy.model_validate(chosen))


def late_from(plan: StorePlan) -> int | None:
    [need] = plan.needs
    daily = daily_share(plan, need)
    return None if daily is None else first_late(need.due(need.interval), daily)
