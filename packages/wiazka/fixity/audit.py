"""An audit: one run over copies, the least recently proved first, within a budget."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import Audit, CopyCheck, Finding
from wiazka.catalogue.model import Copy, VersionState
from wiazka.errors import NotFoundError, StoreError
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.check import check_copy, unreachable
from wiazka.fixity.scope import Scope, copies_in
from wiazka.ledger.manifests import version_of_mark
from wiazka.spending import Spending
from wiazka.stores.base import Store
from wiazka.stores.layout import PACKAGES, require_marker


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
    number = catalogue.audits.begin(scope.grade, datetime.now(UTC), scope.text)
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
    spending = Spending(scope.budget)
    for copy in copies_in(catalogue, scope):
        expected = scope.expected(copy)
        if not spending.may_begin(expected):
            return
        check = _check(catalogue, stores, copy, scope.grade, down)
        spending.ended(expected, scope.spent(check))
        yield check
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
