"""An audit: one run over copies, the least recently proved first, within a budget."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Audit, CopyCheck, Finding
from wiazka.catalogue.model import Copy, VersionState
from wiazka.errors import NotFoundError, StoreError
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.check import check_copy, unreachable
from wiazka.ledger.manifests import version_of_mark
from wiazka.stores.base import Store
from wiazka.stores.layout import PACKAGES, require_marker


@dataclass(frozen=True, slots=True)
class Scope:
    """What an audit looks at, and how far it may go; None is no limit.

    ``older_than``: only what was not proved for so long. ``bytes`` and ``duration`` end the audit
    after the copy that reaches them; the next audit goes on with the least recently proved.
    """

    grade: Grade = Grade.READ
    store: str | None = None
    older_than: timedelta | None = None
    identities: Collection[str] | None = None
    bytes: int | None = None
    duration: timedelta | None = None

    @property
    def whole_stores(self) -> bool:
        """Whether it looks at all of a store, and so for what the catalogue does not know."""
        return self.identities is None and self.older_than is None


def run_audit(
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    scope: Scope,
    tell: Callable[[CopyCheck], None] = lambda _: None,
) -> Audit:
    """Check copies and keep what was seen; ``tell`` hears of each copy. Needs only read rights.

    Raises NotFoundError for a store that is not configured.
    """
    if scope.store is not None and scope.store not in stores:
        raise NotFoundError(
            f"There is no store named {scope.store!r}.",
            f"The configured stores are: {', '.join(stores)}.",
        )
    number = catalogue.audits.begin(scope.grade, datetime.now(UTC))
    for check in _checks(catalogue, stores, scope):
        catalogue.audits.record(number, check, _sentence(check))
        tell(check)
    catalogue.audits.end(number, datetime.now(UTC))
    return catalogue.audits.audit(number)


def _checks(catalogue: Catalogue, stores: Mapping[str, Store], scope: Scope) -> Iterator[CopyCheck]:
    down: dict[str, StoreError] = {}
    for name in [scope.store] if scope.store else stores:
        try:
            # An unmounted disk looks like a store that has lost everything.
            require_marker(stores[name])
        except StoreError as error:
            down[name] = error
    spent = 0
    until = time.monotonic() + scope.duration.total_seconds() if scope.duration else None
    before = datetime.now(UTC) - scope.older_than if scope.older_than else None
    for copy in catalogue.audits.due(scope.grade, scope.store, before, scope.identities):
        check = _check(catalogue, stores, copy, scope.grade, down)
        yield check
        spent += check.bytes
        if scope.bytes is not None and spent >= scope.bytes:
            return
        if until is not None and time.monotonic() >= until:
            return
    if scope.whole_stores:
        for name in [scope.store] if scope.store else stores:
            if name not in down:
                yield from _unknown_versions(catalogue, stores[name])


def _check(
    catalogue: Catalogue,
    stores: Mapping[str, Store],
    copy: Copy,
    grade: Grade,
    down: Mapping[str, StoreError],
) -> CopyCheck:
    if copy.store not in stores:
        gone = StoreError(f"Store {copy.store!r} is no longer configured.")
        return unreachable(copy, grade, gone)
    if copy.store in down:
        return unreachable(copy, grade, down[copy.store])
    version = catalogue.version(copy.identity, copy.version)
    files = catalogue.files(copy.identity, copy.version)
    try:
        return check_copy(stores[copy.store], version, files, grade, copy.unchanged)
    except StoreError as error:
        return unreachable(copy, grade, error)


def _unknown_versions(catalogue: Catalogue, store: Store) -> Iterable[CopyCheck]:
    """What a store holds and the catalogue does not know: from the store to the catalogue."""
    begun = datetime.now(UTC)
    findings = tuple(
        Finding(
            Outcome.EXTRA,
            store.name,
            None,
            None,
            info.key,
            Grade.LISTED,
            None,
            f"{info.size} bytes",
        )
        for info in store.list(PACKAGES)
        if not _is_known(catalogue, info.key)
    )
    if findings:
        now = datetime.now(UTC)
        yield CopyCheck(
            None, None, store.name, Grade.LISTED, Outcome.EXTRA, 0, 0, begun, now, findings
        )


def _is_known(catalogue: Catalogue, key: str) -> bool:
    """Whether a key is no commit mark, or that of a version that a store may rightly hold."""
    marked = version_of_mark(key)
    gone = (VersionState.ABANDONED, VersionState.DEACCESSIONED)
    return marked is None or marked[1] in {
        version.number for version in catalogue.versions(marked[0]) if version.state not in gone
    }


def _sentence(check: CopyCheck) -> str:
    what = f"{check.identity} v{check.version}" if check.identity else "objects of no known package"
    if check.outcome is Outcome.OK:
        return f"Audited {what} in {check.store}: all {check.files} files proved {check.grade}."
    paths = ", ".join(finding.path or "the store" for finding in check.findings[:3])
    return f"Audited {what} in {check.store}: {check.outcome} ({paths})."
