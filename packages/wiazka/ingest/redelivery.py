"""What is held already of a document that comes in: the same, an earlier version, or another's."""

import re
from collections.abc import Iterable
from dataclasses import replace

from wiazka import problem_kinds
from wiazka.bag.plan import content_digest
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.described import signatures_of
from wiazka.catalogue.model import Deaccession, HeldSignature, Version
from wiazka.ingest.changes import changes
from wiazka.ingest.identity import identity_of, says_which
from wiazka.ingest.package import bag_entries, title_of
from wiazka.intake.model import Submission
from wiazka.phrase import say, together
from wiazka.problem_kinds import Problem
from wiazka.record.changes import changes_in_words
from wiazka.record.model import Changes
from wiazka.record.search_key import search_key
from wiazka.record.text import nfc
from wiazka.settings import Settings

_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Of 100. A day's talks lie in one bundle: documents whose titles are unlike are not the same one.
_ALIKE = 60


def held_already(catalogue: Catalogue, identity: str, content: str) -> Version | None:
    """The version that has this very content: the latest of the package, or another package's."""
    latest = catalogue.latest(identity)
    if latest and latest.content == content:
        return latest
    other = catalogue.with_content(content)
    return other if other and other.identity != identity else None


def with_held(submission: Submission, settings: Settings, catalogue: Catalogue) -> Submission:
    """The submission with what is to be told of what is held of it, or of one like it."""
    if not submission.files:
        return submission
    problems = list(_told_of_held(submission, settings, catalogue))
    return replace(submission, problems=(*submission.problems, *problems))


def _told_of_held(
    submission: Submission, settings: Settings, catalogue: Catalogue
) -> Iterable[Problem]:
    identity = identity_of(submission, settings.ingest.collection)
    content = content_digest(bag_entries(submission))
    if held_now := held_already(catalogue, identity, content):
        same = held_now.identity == identity
        return [_already_held(held_now) if same else _same_content(held_now)]
    again = list(_once_let_go(catalogue, content))
    if latest := catalogue.latest(identity):
        held = catalogue.files(identity, latest.number)
        told = [_new_version(latest, changes(latest.number, held, submission)), *again]
        return [*told, *_renamed(latest, submission)]
    return [*again, *_maybe_held(submission, identity, catalogue)]


def _once_let_go(catalogue: Catalogue, content: str) -> Iterable[Problem]:
    gone = catalogue.deaccessions.with_content(content)
    asked = gone and catalogue.deaccessions.of_version(gone.identity, gone.number)
    if gone and asked:
        yield deaccessioned(
            gone,
            asked,
            say(
                "If it is to be kept after all, nothing needs doing: it becomes a version of its "
                "own. Else take it out of the inbox."
            ),
        )


def deaccessioned(gone: Version, asked: Deaccession, remedy: str) -> Problem:
    """That the very document was held once and was let go: by whom, and why."""
    return problem_kinds.DEACCESSIONED.at(
        "",
        say(
            "This very document was held as {identity} v{version} and was deaccessioned: asked for "
            "by {requested}, approved by {approved}. Reason: {reason}",
            identity=gone.identity,
            version=gone.number,
            requested=asked.requested_by,
            approved=asked.approved_by or "",
            reason=asked.reason,
        ),
        remedy,
    )


def _maybe_held(submission: Submission, identity: str, catalogue: Catalogue) -> Iterable[Problem]:
    record = submission.record
    date = record.date.edtf if record and record.date else None
    if record is None or date is None or not _A_DAY.fullmatch(date):
        return
    told: set[str] = {identity}
    for signature in signatures_of(record):
        key = search_key(signature.verbatim)
        for held in catalogue.signatures_dated(signature, date):
            if held.identity in told or search_key(held.verbatim) != key:
                continue
            if _alike(held.title, title_of(submission)):
                told.add(held.identity)
                yield _probably(held, date)


def _alike(first: str, second: str) -> bool:
    from rapidfuzz import fuzz, utils

    return fuzz.token_set_ratio(first, second, processor=utils.default_process) >= _ALIKE


def _already_held(held: Version) -> Problem:
    return problem_kinds.ALREADY_HELD.at(
        "",
        say(
            "This very document is held as {identity} v{version}; nothing will be stored.",
            identity=held.identity,
            version=held.number,
        ),
        say("Nothing needs doing."),
    )


def _same_content(held: Version) -> Problem:
    return problem_kinds.SAME_CONTENT.at(
        "",
        say(
            "The same content, byte for byte, is held as {identity} v{version}, under another "
            "name; nothing will be stored.",
            identity=held.identity,
            version=held.number,
        ),
        say("Nothing needs doing. To change what is held, hand it over under its own name."),
    )


def _new_version(held: Version, what: Changes) -> Problem:
    return problem_kinds.NEW_VERSION.at(
        "",
        say(
            "{identity} is held as v{version}; what was handed over is its next version. {changes}",
            identity=held.identity,
            version=held.number,
            changes=together(changes_in_words(what)),
        ),
        say(
            "Say in its record who changed it (changed_by) and why (change_note). If another "
            "document was meant, give the folder another name, or its record a record_id of its "
            "own."
        ),
    )


def _renamed(latest: Version, submission: Submission) -> Iterable[Problem]:
    """Names as 'a b' and 'a-b' become one identity, and may be of two documents."""
    if says_which(submission) or nfc(latest.folder) == nfc(submission.folder):
        return
    yield problem_kinds.NEW_VERSION_RENAMED.at(
        "",
        say(
            "{identity} v{version} came in a folder of another name: '{folder}'.",
            identity=latest.identity,
            version=latest.number,
            folder=latest.folder,
        ),
        say(
            "If this is another document, give its record a record_id of its own. If it is the "
            "same one, name the folder as before, or say so: record_id: {slug}",
            slug=latest.identity.partition("/")[2],
        ),
        field="record_id",
    )


def _probably(held: HeldSignature, date: str) -> Problem:
    return problem_kinds.MAYBE_HELD.at(
        "",
        say(
            "{identity} v{version}, '{title}', has the same signature and date: {signature}, "
            "{date}. It may be the same document.",
            identity=held.identity,
            version=held.version,
            title=held.title,
            signature=held.verbatim,
            date=date,
        ),
        say(
            "If it is, name the folder as that package is, and it becomes its next version; if it "
            "is another document, leave it."
        ),
    )
