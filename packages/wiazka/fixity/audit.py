"""An audit: one run over copies, the least recently proved first, within a budget."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wiazka.amounts import Budget
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.claims import Owner, holding
from wiazka.catalogue.fixity_model import Audit, CopyCheck, Finding
from wiazka.catalogue.model import Copy
from wiazka.errors import NotFoundError, ObjectMissing, StoreError, StoreUnavailable
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.check import takes_digests
from wiazka.fixity.engine import Engine, Job
from wiazka.fixity.looking import outcome_of
from wiazka.fixity.origin import with_origins
from wiazka.fixity.scope import Scope, copies_in
from wiazka.fixity.strays import Looks, Strays, looks_beside
from wiazka.spending import Cost, Spending
from wiazka.stores.base import Store
from wiazka.stores.roll import RollCall

# What an audit saw before it was stopped is too old to go on from.
_TAKEN_UP = timedelta(days=7)
# A budget that is spent every day must not keep a store from ever being looked over.
_LOOKED_OVER = timedelta(days=7)
# Checks that are kept at once, and for how many seconds one may wait for that: so much of its work
# an audit that is killed has to do again.
_AT_ONCE = 50
_WAITING = 2.0


def run_audit(
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    scope: Scope,
    tell: Callable[[CopyCheck], None] = lambda _: None,
) -> Audit:
    """Check copies and keep what was seen; ``tell`` hears of each copy. Needs only read rights.

    An audit of the same scope that was stopped is taken up: what it looked at is not looked at
    again. Raises NotFoundError for a store that is not configured, StoreUnavailable when one is
    moved meanwhile.
    """
    require_store(stores, scope.store)
    owner = Owner.of_this_process()
    taken = catalogue.audits.stopped(scope.text, datetime.now(UTC) - _TAKEN_UP)
    while True:
        begun = taken[1] if taken else datetime.now(UTC)
        number = taken[0] if taken else catalogue.audits.begin(scope.grade, begun, scope.text)
        with holding(catalogue, f"audit:{number}", owner) as mine:
            if mine:
                return _Run(catalogue, stores, scope, number, begun, tell).all()
        # It is no stopped one: somebody else is at it.
        taken = None


def require_store(stores: Mapping[str, Store], name: str | None) -> None:
    """Raises NotFoundError for the name of a store that is not configured; None is all of them."""
    if name is not None and name not in stores:
        raise NotFoundError(
            f"There is no store named {name!r}.",
            f"The configured stores are: {', '.join(stores)}.",
        )


@dataclass(slots=True)
class _Run:
    """One audit under way."""

    catalogue: Catalogue
    stores: Mapping[str, Store]
    scope: Scope
    number: int
    begun: datetime
    tell: Callable[[CopyCheck], None]
    roll: RollCall = field(init=False)
    spending: Spending = field(init=False)
    # What the copies in hand are expected to take.
    planned: dict[tuple[str | None, int | None, str], Cost] = field(default_factory=dict)
    waiting: list[tuple[CopyCheck, str]] = field(default_factory=list)
    kept_at: float = field(default_factory=time.monotonic)
    # Where the stores were when it began.
    places: Mapping[str, str] = field(init=False)
    told_down: set[str] = field(default_factory=set)
    looked_over: set[str] = field(default_factory=set)
    # Those over whole stores that are under way beside the reading.
    looks: Looks = field(default_factory=dict)
    # Stores that have copies and are not configured any more.
    gone: set[str] = field(default_factory=set)

    def all(self) -> Audit:
        # A store that copies are known to be in has its marker.
        self.roll = RollCall(self.stores)
        self.places = self.catalogue.audits.places()
        self.spending = Spending(self.scope.budget)
        try:
            for check in self._checks():
                self._keep(check)
        finally:
            self._flush()
        self.catalogue.audits.end(self.number, datetime.now(UTC))
        return self.catalogue.audits.audit(self.number)

    def _checks(self) -> Iterator[CopyCheck]:
        asked = [self.scope.store] if self.scope.store else list(self.stores)
        faults = {name: self._fault(self.stores[name]) for name in asked}
        names = [name for name in asked if not self._is_not_begun(name)]
        for name in names:
            if fault := faults[name]:
                yield self._down(name, fault)
        with ExitStack() as stack:
            if self._is_free:
                new = [self.stores[name] for name in names if not self._is_new(name)]
                self.looks = stack.enter_context(looks_beside(self.catalogue, new))
            elif self.scope.whole_stores:
                yield from self._looked_over(name for name in names if self._is_overdue(name))
            yield from self._copies_and_stores(names)

    @property
    def _is_free(self) -> bool:
        """Whether nothing can run out: then a store is looked over while its copies are read."""
        return self.scope.whole_stores and not self.scope.portion and self.scope.budget == Budget()

    def _copies_and_stores(self, names: Sequence[str]) -> Iterator[CopyCheck]:
        engine = Engine(self.scope.grade, self.roll, self._left_out)
        for check in engine.checks(self._jobs()):
            planned = self.planned.pop((check.identity, check.version, check.store))
            self.spending.ended(planned, self.scope.spent(check))
            if not check.findings or not self._is_let_go(check):
                yield with_origins(self.catalogue, check)
            # Kept as soon as it is known: this run may be killed long before all copies are read.
            over = [name for name, look in self.looks.items() if look.done()]
            yield from self._looked_over(name for name in over if name not in self.looked_over)
        for name in names:
            fault = self.roll.fault(name)
            if fault and name not in self.told_down:
                yield self._down(name, fault)
        for name in sorted(self.gone):
            yield self._down(name, StoreError(f"Store {name!r} is no longer configured."))
        if self.scope.whole_stores and not self.scope.portion and not self.spending.is_over:
            yield from self._looked_over(name for name in names if not self._is_new(name))

    def _jobs(self) -> Iterator[Job]:
        digests: dict[str, bool] = {}
        for copy, version, files in self.catalogue.audits.with_files(self._copies()):
            # Some were asked for before the one that met the fault.
            if self.roll.fault(copy.store):
                continue
            store = self.stores[copy.store]
            if copy.store not in digests:
                digests[copy.store] = self.scope.grade is Grade.STORED_DIGEST and takes_digests(
                    store
                )
            expected = self.scope.expected(copy)
            if not self.spending.may_begin(expected):
                return
            self.planned[copy.identity, copy.version, copy.store] = expected
            yield Job(store, copy, version, files, digests[copy.store])

    def _copies(self) -> Iterator[Copy]:
        """Those to be looked at, of the stores there are."""
        seen = self.catalogue.audits.found_bad(self.number)
        for copy in copies_in(self.catalogue, self.scope, self.begun):
            if (copy.identity, copy.version, copy.store) in seen:
                continue
            if copy.store not in self.stores:
                self.gone.add(copy.store)
            elif not self.roll.fault(copy.store):
                yield copy

    def _left_out(self, copy: Copy) -> None:
        """What a copy was expected to take is free again."""
        self.spending.ended(self.planned.pop((copy.identity, copy.version, copy.store)), Cost())

    def _is_let_go(self, check: CopyCheck) -> bool:
        """Whether a deaccession removes what was looked at meanwhile."""
        if check.identity is None or check.version is None:
            return False
        deaccessions = self.catalogue.deaccessions
        return deaccessions.of_version(check.identity, check.version) is not None

    # A store as a whole

    def _fault(self, store: Store) -> StoreError | None:
        """Why a store cannot be audited: an unmounted disk looks as if it had lost everything."""
        try:
            self.roll.require(store)
        except StoreError as error:
            return error
        return None

    def _is_not_begun(self, name: str) -> bool:
        """Whether a store has no marker because nothing was ever put into it."""
        fault = self.roll.fault(name)
        is_empty = fault is not None and isinstance(fault.__cause__, ObjectMissing)
        return is_empty and name not in self.catalogue.audits.stores()

    def _down(self, name: str, error: StoreError) -> CopyCheck:
        """One finding for a store that does not answer, not one for each of its copies."""
        self.told_down.add(name)
        # Whatever later look gets an answer shows that it is back.
        now, outcome, grade = datetime.now(UTC), outcome_of(error), Grade.LISTED
        # A bucket that is gone says nothing of any file.
        outcome = Outcome.UNKNOWN if outcome is Outcome.UNREADABLE else outcome
        finding = Finding(
            outcome, name, None, None, "", grade, None, error.message, note=error.hint or None
        )
        return CopyCheck(None, None, name, grade, outcome, 0, 0, now, now, (finding,))

    def _looked_over(self, names: Iterable[str]) -> Iterator[CopyCheck]:
        for name in names:
            store = self.stores[name]
            if self.roll.fault(name):
                continue
            self.looked_over.add(name)
            try:
                beside = self.looks.get(name)
                looked = beside.result() if beside else Strays(self.catalogue, store).look()
            except StoreError as error:
                self.roll.met(store, error)
                yield self._down(name, error)
            else:
                self.spending.spend(self.scope.spent(looked))
                yield looked

    def _is_overdue(self, name: str) -> bool:
        last = self.catalogue.audits.looked_over(name)
        return last is None or last < datetime.now(UTC) - _LOOKED_OVER

    def _is_new(self, name: str) -> bool:
        """Whether this audit looked it over already; before it was stopped, too."""
        if name in self.looked_over:
            return True
        last = self.catalogue.audits.looked_over(name)
        return last is not None and last >= self.begun

    # What is kept of it

    def _keep(self, check: CopyCheck) -> None:
        self.waiting.append((check, _sentence(check)))
        is_late = time.monotonic() - self.kept_at >= _WAITING
        # What was found is known to others at once; what was well may be proved twice.
        if check.findings or is_late or len(self.waiting) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        kept, self.waiting = self.waiting, []
        if kept:
            self._require_places({check.store for check, _ in kept})
            self.catalogue.audits.record_all(self.number, kept)
        self.kept_at = time.monotonic()
        for check, _ in kept:
            self.tell(check)

    def _require_places(self, stores: Iterable[str]) -> None:
        """Nothing counts of what is seen where a store no longer is, by a run that knows no better.

        Raises StoreUnavailable.
        """
        now = self.catalogue.audits.places()
        for name in stores:
            before = self.places.get(name)
            if before is not None and now[name] != before:
                raise StoreUnavailable(
                    f"Store {name!r} moved from {before} to {now[name]} while it was audited; what "
                    "was seen since is not kept.",
                    "Run the audit again: it looks where the store is now.",
                )


def _sentence(check: CopyCheck) -> str:
    if check.identity is None and check.outcome is Outcome.OK:
        return f"Looked over {check.store}: all {check.files} objects are of what is known."
    what = f"{check.identity} v{check.version}" if check.identity else "the store as a whole"
    return f"Audited {what} in {check.store}: {check.told}."
