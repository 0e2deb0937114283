"""Whether every path of a package can be a key in the stores."""

from wiazka import problem_kinds
from wiazka.ingest.identity import identity_of
from wiazka.intake.model import Submission
from wiazka.phrase import say
from wiazka.problem_kinds import Problem
from wiazka.settings import Settings
from wiazka.settings_of_stores import S3Store
from wiazka.stores.layout import version_prefix

# Bytes of UTF-8: S3's limit of a key, and that of one name in a directory.
_LONGEST_KEY = 1024
_LONGEST_PART = 255
_VERSIONS = 9999


def too_long(submission: Submission, settings: Settings) -> list[Problem]:
    """A problem for each file whose path in the package is longer than a store can keep."""
    identity = identity_of(submission, settings.ingest.collection)
    prefixes = [one.prefix for one in settings.stores.values() if isinstance(one, S3Store)]
    before = max((len(prefix.encode()) + 1 for prefix in prefixes), default=0)
    problems = []
    for file in submission.files:
        key = version_prefix(identity, _VERSIONS) + file.bag_path
        length = before + len(key.encode())
        part = max(len(one.encode()) for one in key.split("/"))
        if length > _LONGEST_KEY or part > _LONGEST_PART:
            problems.append(_too_long(file.name, length))
    return problems


def _too_long(name: str, length: int) -> Problem:
    return problem_kinds.NAME_TOO_LONG.at(
        name,
        say(
            "The path of '{name}' takes {length} bytes in a store, with its folder's name; at most "
            "{most} can be kept, and {part} in any one name.",
            name=name,
            length=length,
            most=_LONGEST_KEY,
            part=_LONGEST_PART,
        ),
        say("Give the folders and the file shorter names, or put the file into fewer folders."),
    )
