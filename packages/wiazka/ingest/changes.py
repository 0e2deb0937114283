"""What is new in a version since the one before."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

from wiazka.bag.plan import wrapping
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import File, Version, VersionState
from wiazka.intake.model import FileRole, Submission
from wiazka.record.crosswalk import read_record_json
from wiazka.record.model import Changes, Renamed


def registered_before(catalogue: Catalogue, version: Version) -> dict[int, list[File]]:
    """The files of each registered version before one, by its number, lowest first."""
    return {
        earlier.number: catalogue.files(version.identity, earlier.number)
        for earlier in catalogue.versions(version.identity)
        if earlier.number < version.number and earlier.state is VersionState.REGISTERED
    }


def changes_of(catalogue: Catalogue, submission: Submission, version: Version) -> Changes | None:
    """What is new in a version since the registered one before it; None for a first version.

    Once it is described it stays as it was seen then: an interrupted ingest makes the same bag.
    """
    if described := catalogue.version(version.identity, version.number).record_json:
        with suppress(ValueError):
            return read_record_json(described.encode()).changes
    earlier = registered_before(catalogue, version)
    if not earlier:
        return None
    since = max(earlier)
    return changes(since, earlier[since], submission)


def changes(since: int, held: Iterable[File], submission: Submission) -> Changes:
    """What differs between the files of the held version ``since`` and those of a submission."""
    before = {
        file.path: file.sha256
        for file in held
        if file.role != FileRole.METADATA and not wrapping(file.path)
    }
    now = {f.bag_path: f.sha256 for f in submission.files if not wrapping(f.bag_path)}
    removed = {path: digest for path, digest in before.items() if path not in now}
    added = {path: digest for path, digest in now.items() if path not in before}
    gone: dict[str, list[str]] = defaultdict(list)
    for path in sorted(removed, reverse=True):
        gone[removed[path]].append(path)
    renamed = []
    for path, digest in sorted(added.items()):
        if gone[digest]:
            old = gone[digest].pop()
            renamed.append(Renamed(before=old, now=path))
            del removed[old], added[path]
    changed = sorted(path for path in now if path in before and now[path] != before[path])
    return Changes(
        since=since,
        added=tuple(sorted(added)),
        removed=tuple(sorted(removed)),
        changed=tuple(changed),
        renamed=tuple(renamed),
    )
