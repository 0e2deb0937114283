"""One submission, from its folder to a registered package: the steps, in their order (DESIGN §5).

Each step can be done again with the same end: what must survive a killed process lives in the
catalogue and the stores, and nothing is registered before enough stores have proved their copy.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeVar

from wiazka.bag.model import BagPlan
from wiazka.bag.plan import content_digest
from wiazka.bag.push import Pushed, push
from wiazka.catalogue.claims import Owner, holding
from wiazka.catalogue.model import State, Version, VersionState
from wiazka.errors import PrefixTaken, SourceChanged, StoreError, WiazkaError
from wiazka.ingest.faults import fault_of
from wiazka.ingest.identity import identity_of
from wiazka.ingest.model import Desk, Fault, Result
from wiazka.ingest.notes import Notes
from wiazka.ingest.package import bag_entries, package
from wiazka.ingest.preflight import examine
from wiazka.ingest.receipts import receipt_path
from wiazka.ingest.redelivery import deaccessioned, held_already
from wiazka.ingest.standing import standing
from wiazka.intake.delivered.opening import discard, opened
from wiazka.intake.deliveries import Job
from wiazka.intake.model import Submission
from wiazka.intake.shared import lang_of
from wiazka.intake.submission import fingerprint
from wiazka.phrase import say, together
from wiazka.problem_kinds import CHANGED_WHILE_READ, IN_PROGRESS, Problem
from wiazka.replicate.replicator import kind_of_copy
from wiazka.stores.base import Store

T = TypeVar("T")

_WAIT_SECONDS = 0.2
_log = logging.getLogger(__name__)


class Runner(Protocol):
    """Runs a named step; Prefect's makes a task of it, with retries for system errors."""

    def __call__(self, name: str, step: Callable[[], T], /) -> T:
        """What ``step`` returns."""
        ...


def plainly(_name: str, step: Callable[[], T], /) -> T:
    """Run a step as it is."""
    return step()


def ingest_submission(desk: Desk, job: Job, run: Runner = plainly) -> Result:
    """Take one submission as far as it goes; never raises for what is wrong with it or a store."""
    owner = Owner.of_this_process()
    claim = f"submission:{job.delivery_name}/{job.folder}"
    try:
        with holding(desk.catalogue, claim, owner) as mine:
            return _ingest(desk, job, owner, run) if mine else _in_progress(desk, job)
    except Exception as error:  # one document, whatever is wrong with it, never stops the others
        if not isinstance(error, (WiazkaError, OSError)):
            _log.exception("Unexpected, with %s/%s", job.delivery_name, job.folder)
        return _failed(desk, job, fault_of(error))


def _failed(desk: Desk, job: Job, fault: Fault) -> Result:
    lang = lang_of(job.delivery, desk.settings.lang)
    unread = Submission(job.folder, job.delivery_name, job.path, None, lang=lang)
    try:
        return Notes(desk, unread, "").failed(fault)
    except (WiazkaError, OSError):
        # The catalogue itself is what failed.
        return Result(
            job.delivery_name, job.folder, State.FAILED, fault.message, faults=(fault,), lang=lang
        )


def _ingest(desk: Desk, job: Job, owner: Owner, run: Runner) -> Result:
    mark = fingerprint(job)
    if known := _let_go(desk, job, mark) or _unchanged(desk, job, mark):
        return known
    if not job.packed:
        return _take(desk, job, mark, owner, run)
    settings = desk.settings
    job = run("unpack", partial(opened, job, settings.intake, settings.unpacked))
    result = _take(desk, job, mark, owner, run)
    # What is tried again at the next run need not be unpacked again.
    if result.state not in (State.HELD, State.FAILED):
        discard(job)
    return result


def _take(desk: Desk, job: Job, mark: str, owner: Owner, run: Runner) -> Result:
    submission = run("read", lambda: examine(job, desk.settings, desk.catalogue))
    notes = Notes(desk, submission, mark)
    # Held before refused: of what is still being copied, much looks wrong that will not be.
    if submission.held:
        return notes.held(submission.held[0])
    if submission.errors:
        return notes.refused()
    try:
        return _keep(desk, submission, notes, owner, run)
    except SourceChanged as error:
        remedy = say("Let the copying or editing end; it is taken next time.")
        return notes.held(CHANGED_WHILE_READ.at("", together([error.message]), remedy))
    except (WiazkaError, OSError) as error:
        return notes.failed(fault_of(error))


def _keep(desk: Desk, submission: Submission, notes: Notes, owner: Owner, run: Runner) -> Result:
    """Package, push and register a submission that has nothing wrong with it."""
    identity = identity_of(submission, desk.settings.ingest.collection)
    content = content_digest(bag_entries(submission))
    # Two deliveries can hold one document: whoever comes second sees what the first has kept.
    with (
        _waiting_for(desk, f"package:{identity}", owner),
        _waiting_for(desk, f"content:{content}", owner),
    ):
        if held := held_already(desk.catalogue, identity, content):
            return notes.already_held(held, identity)
        while True:
            version = run("package", lambda: notes.begin(identity, content))
            bag = package(desk, submission, version)
            try:
                faults = _push_all(desk, bag, version, run)
            except PrefixTaken as taken:
                desk.catalogue.abandon_version(version.identity, version.number, taken.message)
                continue
            if not standing(desk, version.identity, version.number).is_enough:
                return notes.short_of_copies(version, faults)
            return run("register", partial(notes.registered, version, faults))


def _push_all(desk: Desk, bag: BagPlan, version: Version, run: Runner) -> list[Fault]:
    """Push to every store that has no copy yet. One that fails does not stop the others.

    Raises SourceChanged, and PrefixTaken where the version can still have another number.
    """
    have = {copy.store for copy in desk.catalogue.copies(version.identity, version.number)}
    faults = []
    for store in desk.stores.values():
        if store.name in have:
            continue
        try:
            desk.roll.require(store)
            run(f"push to {store.name}", partial(_push, desk, bag, version, store))
        except SourceChanged:
            raise
        except PrefixTaken as error:
            if not desk.catalogue.copies(version.identity, version.number):
                raise
            faults.append(fault_of(error))
        except StoreError as error:
            desk.roll.met(store, error)
            faults.append(fault_of(error))
        except WiazkaError as error:
            faults.append(fault_of(error))
    return faults


def _push(desk: Desk, bag: BagPlan, version: Version, store: Store) -> Pushed:
    files = desk.catalogue.files(version.identity, version.number)
    unchanged = kind_of_copy(desk.settings, desk.catalogue, version, files, store.name)
    pushed = push(bag, store, version, unchanged=unchanged)
    desk.catalogue.copy_stored(
        version.identity,
        version.number,
        store.name,
        pushed.grade,
        datetime.now(UTC),
        f"Stored in {store.name} ({store.place}) and proved there: {pushed.grade}.",
        {
            "bytes_sent": str(pushed.sent),
            "bytes_kept": str(pushed.kept),
            "bytes_referred": str(pushed.referred),
            "bytes_copied": str(pushed.copied),
            "files": str(len(bag.entries)),
            # What every later audit compares with hangs from this, in a chain nobody can rewrite.
            "manifest": pushed.manifest,
        },
        unchanged=pushed.unchanged,
    )
    return pushed


def _unchanged(desk: Desk, job: Job, mark: str) -> Result | None:
    """The result of a submission that was kept before and not touched since: nothing is read.

    What is stored, but not in enough stores yet, needs no reading either: see ``completing``.
    """
    known = desk.catalogue.submission(job.delivery_name, job.folder)
    done = (State.REGISTERED, State.ALREADY_HELD, State.STORED, State.VERIFIED)
    if known is None or known.state not in done or known.fingerprint != mark:
        return None
    identity, number = known.identity, known.version
    if identity is None or number is None:
        return None
    version = desk.catalogue.version(identity, number)
    here = standing(desk, identity, number)
    if version.state is VersionState.REGISTERED:
        state = State.ALREADY_HELD
        sentence = say(
            "Already held as {package}; nothing in the folder was touched since.",
            package=f"{identity} v{number}",
        )
    elif version.state is VersionState.STORED and here.copies:
        state, sentence = State.STORED, here.short
    else:
        return None
    return Result(
        job.delivery_name,
        job.folder,
        state,
        sentence,
        identity,
        number,
        here.copies,
        receipt=receipt_path(desk.settings, identity, number),
        lang=lang_of(job.delivery, desk.settings.lang),
        missing=here.missing,
    )


def _let_go(desk: Desk, job: Job, mark: str) -> Result | None:
    """The result of a submission whose package was deaccessioned, and that nobody touched since.

    Originals stay in the inbox: without this the next night would take in again what two persons
    have just let go.
    """
    known = desk.catalogue.submission(job.delivery_name, job.folder)
    if known is None or known.fingerprint != mark or not (known.identity and known.version):
        return None
    asked = desk.catalogue.deaccessions.of_version(known.identity, known.version)
    if asked is None:
        return None
    gone = desk.catalogue.version(known.identity, known.version)
    remedy = say(
        "Take the folder out of the inbox. To keep it again after all, hand it over in a delivery "
        "of its own."
    )
    return _held_back(desk, job, deaccessioned(gone, asked, remedy))


@contextmanager
def _waiting_for(desk: Desk, key: str, owner: Owner) -> Iterator[None]:
    while True:
        with holding(desk.catalogue, key, owner) as mine:
            if mine:
                yield
                return
        time.sleep(_WAIT_SECONDS)


def _in_progress(desk: Desk, job: Job) -> Result:
    problem = IN_PROGRESS.at(
        "",
        say("'{folder}' is being ingested by another run now.", folder=job.folder),
        say("Nothing needs doing: that run writes its receipt."),
    )
    return _held_back(desk, job, problem)


def _held_back(desk: Desk, job: Job, problem: Problem) -> Result:
    return Result(
        job.delivery_name,
        job.folder,
        State.HELD,
        problem.message,
        problems=(problem,),
        lang=lang_of(job.delivery, desk.settings.lang),
    )
