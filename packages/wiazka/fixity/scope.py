"""What an audit looks at, in which order, and how far it may go."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import canonical
from wiazka.catalogue.fixity_model import CopyCheck
from wiazka.catalogue.model import Copy
from wiazka.errors import UsageError
from wiazka.evidence import Grade
from wiazka.fixity.portion import Portion, fitting
from wiazka.fixity.sampling import Sample, drawn
from wiazka.fixity.terms import Terms
from wiazka.spending import FREE, Cost


@dataclass(frozen=True, slots=True)
class Scope:
    """What an audit looks at, and how far it may go; None is no limit.

    ``older_than``: only what was not proved for so long. ``sample``: only so much of it, drawn by
    chance. ``portion``: what a store's policy asks for today, instead of all that. ``budget`` ends
    the audit after the copy that reaches it; ``terms`` say what each store takes for a look.
    """

    grade: Grade = Grade.READ
    store: str | None = None
    older_than: timedelta | None = None
    identities: Collection[str] | None = None
    sample: Sample | None = None
    portion: Portion | None = None
    budget: Budget = field(default_factory=Budget)
    terms: Mapping[str, Terms] = field(default_factory=dict)

    @property
    def whole_stores(self) -> bool:
        """Whether it looks at all of a store, and so for what the catalogue does not know."""
        return self.identities is None and self.older_than is None and self.sample is None

    @property
    def text(self) -> str:
        """What it is to look at as canonical JSON, for the record; a sample's seed draws it again.

        Without how far it may go: an audit that stopped there is of the same scope as the next.
        """
        chosen = {
            "grade": self.grade.value,
            "store": self.store,
            "older_than": self.older_than.total_seconds() if self.older_than else None,
            "ids": sorted(self.identities) if self.identities is not None else None,
            "sample": str(self.sample.share) if self.sample else None,
            "seed": self.sample.seed if self.sample else None,
            "policy": True if self.portion else None,
        }
        return canonical({name: value for name, value in chosen.items() if value is not None})

    def expected(self, copy: Copy) -> Cost:
        """What a look at a copy will take of its store, as far as can be told before."""
        return self._terms(copy.store).cost(self.grade, 1, copy.size, copy.file_count)

    def spent(self, check: CopyCheck) -> Cost:
        """What a look at a copy took of its store."""
        price = self._terms(check.store).price
        return price.cost(check.bytes, check.requests or check.files)

    def _terms(self, store: str) -> Terms:
        return self.terms.get(store, Terms())


def require_price(scopes: Iterable[Scope], budget: Budget) -> None:
    """Raises UsageError for a budget of money that could end none of the scopes."""
    prices = [
        terms.price
        for scope in scopes
        for name, terms in scope.terms.items()
        if scope.store in {None, name}
    ]
    if budget.money is not None and prices and all(price == FREE for price in prices):
        raise UsageError(
            f"€{budget.money} is no budget where no store has a price.",
            "Give price_per_gib and price_per_1000_requests in [fixity.NAME], or write 50GiB.",
        )


def copies_in(catalogue: Catalogue, scope: Scope, begun: datetime) -> Iterator[Copy]:
    """The copies of a scope, the most pressing first; those of a sample in random order.

    Of a policy's portion: those whose last check was not ok, then by when they have to be proved.
    Left out is what was proved since ``begun``: by the audit that is taken up, or beside it.
    """
    before = min(begun, datetime.now(UTC) - scope.older_than) if scope.older_than else begun
    limits = (scope.grade, scope.store, before, scope.identities)
    if scope.sample is not None:
        # What was proved since belongs to it: else one that is taken up would draw others.
        until = before if scope.older_than else None
        drawn_from = (scope.grade, scope.store, until, scope.identities)
        copies = _sampled(catalogue, scope.sample, drawn_from)
    elif scope.portion is not None and scope.store is not None:
        failed = catalogue.audits.failed(scope.store)
        by_age = catalogue.audits.by_age(scope.grade, scope.store)
        copies = fitting(failed, by_age, scope.portion)
    else:
        copies = catalogue.audits.due(*limits)
    return (copy for copy in copies if not _is_proved(copy, scope.grade, begun))


def _is_proved(copy: Copy, grade: Grade, since: datetime) -> bool:
    if copy.grade is None or copy.proved_at is None:
        return False
    return copy.grade.strength >= grade.strength and copy.proved_at >= since


_Limits = tuple[Grade, str | None, datetime | None, Collection[str] | None]


def _sampled(catalogue: Catalogue, sample: Sample, limits: _Limits) -> Iterator[Copy]:
    size = sample.size(catalogue.audits.count(*limits))
    for key in drawn(catalogue.audits.population(*limits), size, sample.seed):
        # It may have left the house since it was drawn.
        if copy := catalogue.audits.copy(*key):
            yield copy
