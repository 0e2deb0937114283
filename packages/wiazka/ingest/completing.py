"""Copies that are still lacking, made from those there are: nothing in the inbox is read for it.

What was stored while a store was down is completed here, though its folder may be gone by now.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import groupby

from wiazka.catalogue.claims import Owner, holding
from wiazka.catalogue.model import State, SubmissionState, Version, VersionState
from wiazka.catalogue.replicas import Short
from wiazka.errors import WiazkaError
from wiazka.ingest.faults import fault_of
from wiazka.ingest.model import Desk, Fault, Result
from wiazka.ingest.notes import register
from wiazka.ingest.receipts import renew_receipt
from wiazka.ingest.standing import standing
from wiazka.intake.deliveries import Job
from wiazka.replicate.budget import Spending
from wiazka.replicate.replicator import Replicator, replicating


def finish(
    desk: Desk, done: dict[Job, Result], tell: Callable[[Result], None], *, whole: bool
) -> list[Result]:
    """Complete what is short of copies; the results in ``done`` become those of the end.

    The results of other documents are returned: when the ``whole`` inbox was taken, all that lack
    a copy are completed. ``tell`` hears of these, and of each that was only stored before.
    """
    short = {
        result.identity
        for result in done.values()
        if result.identity and (result.missing or result.state is State.STORED)
    }
    ended = complete(desk, None if whole else short)
    later = {(one.delivery, one.folder, one.version): one for one in ended}
    for job, result in done.items():
        if completed := later.pop((result.delivery, result.folder, result.version), None):
            done[job] = replace(
                completed, handed=result.handed, problems=result.problems, lang=result.lang
            )
        if result.state is State.STORED:
            tell(done[job])
    for result in later.values():
        tell(result)
    return list(later.values())


def complete(desk: Desk, identities: Collection[str] | None = None) -> list[Result]:
    """Make the copies that are lacking (of these packages), and register what then has enough.

    A store that was added after a version was registered is not filled here: see
    ``Replicas.to_complete``. The results of versions that came further, and of those that are still
    to be registered.
    """
    short = [
        one
        for one in desk.catalogue.replicas.to_complete(desk.stores)
        if identities is None or one.identity in identities
    ]
    if not short:
        return []
    packages = [list(group) for _, group in groupby(short, lambda one: one.identity)]
    with (
        replicating(desk.settings, desk.catalogue, desk.stores, desk.roll) as replicator,
        ThreadPoolExecutor(desk.settings.ingest.workers) as pool,
    ):
        ended = pool.map(partial(_package, desk, replicator), packages)
        return [result for results in ended for result in results]


def _package(desk: Desk, replicator: Replicator, short: Sequence[Short]) -> list[Result]:
    owner = Owner.of_this_process()
    with holding(desk.catalogue, f"package:{short[0].identity}", owner) as mine:
        # Another run is at work on it, and completes it.
        return list(_versions(desk, replicator, short)) if mine else []


def _versions(desk: Desk, replicator: Replicator, short: Sequence[Short]) -> Iterator[Result]:
    failed: set[str] = set()
    for one in short:
        version = desk.catalogue.version(one.identity, one.number)
        if not version.is_kept:
            # Let go by a deaccession after the list was made.
            continue
        still = standing(desk, one.identity, one.number).missing
        # What comes after a version that was not copied would be copied whole instead.
        missing = [store for store in one.stores if store in still and store not in failed]
        faults = dict(_faults(replicator, version, missing))
        failed |= faults.keys()
        # What is kept and came no further is no news.
        if version.state is not VersionState.REGISTERED or len(faults) < len(missing):
            yield _end(desk, version, list(faults.values()))


def _faults(
    replicator: Replicator, version: Version, missing: Sequence[str]
) -> Iterator[tuple[str, Fault]]:
    """Make the copies that are missing; in which store one was not made, and why."""
    for store in missing:
        try:
            replicator.copy(version, store, Spending())
        except (WiazkaError, OSError) as error:
            yield store, fault_of(error)


def _end(desk: Desk, version: Version, faults: Sequence[Fault]) -> Result:
    identity, number = version.identity, version.number
    here = standing(desk, identity, number)
    state, sentence = State.REGISTERED, here.proved
    if version.state is not VersionState.REGISTERED:
        if here.is_enough:
            sentence = register(desk, version, _waiting(desk, version))
        else:
            state, sentence = State.STORED, here.short
    now = desk.catalogue.version(identity, number)
    receipt = renew_receipt(desk, now, here.short if here.missing else None)
    return Result(
        version.delivery,
        version.folder,
        state,
        sentence,
        identity,
        number,
        here.copies,
        receipt=receipt[0] if receipt else None,
        faults=tuple(faults),
        lang=receipt[1] if receipt else desk.settings.lang,
        missing=here.missing,
    )


def _waiting(desk: Desk, version: Version) -> SubmissionState | None:
    """The submission that waits for this version; None where its folder holds other things now."""
    known = desk.catalogue.submission(version.delivery, version.folder)
    same = known and (known.identity, known.version) == (version.identity, version.number)
    return known if same else None
