"""Checksums that were handed over with the files: verified before anything else is said of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from wiazka import errors
from wiazka.errors import Problem

_ALGORITHMS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
_EXAMPLE = f"{'0123456789abcdef' * 4}  scans/0001r.tif"
_GNU = re.compile(r"^(?P<escaped>\\?)(?P<digest>[0-9A-Fa-f]+) [ *](?P<name>.+)$")
_BSD = re.compile(r"^(?P<algorithm>[A-Za-z0-9]+) \((?P<name>.+)\) = (?P<digest>[0-9A-Fa-f]+)$")


@dataclass(frozen=True, slots=True)
class Declared:
    """One line of a checksum file: what the producer says of a file, and where they say it."""

    name: str
    algorithm: str
    digest: str
    said_in: str
    line: int


def checksum_algorithm(name: str) -> str | None:
    """The algorithm of a checksum file by its name (``checksum.sha256``), or None for no such."""
    stem, _, suffix = name.rpartition(".")
    return suffix if stem == "checksum" and suffix in _ALGORITHMS else None


def read_checksums(data: bytes, said_in: str) -> tuple[list[Declared], list[Problem]]:
    """The lines of a checksum file, GNU (``digest  name``) or BSD (``SHA256 (name) = digest``)."""
    named = checksum_algorithm(PurePosixPath(said_in).name) or ""
    declared: list[Declared] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), start=1):
        if not line.strip() or line.startswith(("#", ";")):
            continue
        if item := _read_line(line, named, said_in, number):
            declared.append(item)
        else:
            problems.append(_unreadable(said_in, number, line))
    return declared, problems


def _read_line(line: str, algorithm: str, said_in: str, number: int) -> Declared | None:
    if match := _BSD.match(line):
        algorithm = match["algorithm"].casefold()
    elif not (match := _GNU.match(line)):
        return None
    name = match["name"]
    if match.groupdict().get("escaped"):
        # GNU coreutils: a line that begins with a backslash has its name's line ends escaped.
        name = name.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\")
    name = name.removeprefix("./")
    parts = name.split("/")
    if len(match["digest"]) != _ALGORITHMS.get(algorithm) or ".." in parts or name.startswith("/"):
        return None
    return Declared(name, algorithm, match["digest"].casefold(), said_in, number)


def _unreadable(said_in: str, number: int, line: str) -> Problem:
    return errors.CHECKSUM_UNREADABLE.at(
        said_in,
        f"Line {number} of {said_in} is no checksum of a file in this delivery: '{line[:80]}'.",
        f"Every line is a digest, two blanks, and a path inside this folder: {_EXAMPLE}",
        field=f"line {number}",
    )


def compare(
    declared: Iterable[Declared], observed: Mapping[str, Mapping[str, str]]
) -> tuple[int, list[Problem]]:
    """How many declared digests hold, and a problem for each that does not.

    ``observed``: the digests that were read, by file name and algorithm.
    """
    verified = 0
    problems: list[Problem] = []
    listed: dict[str, set[str]] = {}
    for item in declared:
        listed.setdefault(item.said_in, set()).add(item.name)
        digests = observed.get(item.name)
        if digests is None:
            problems.append(_absent(item))
        elif digests[item.algorithm] != item.digest:
            problems.append(_differs(item, digests[item.algorithm]))
        else:
            verified += 1
    for said_in, names in listed.items():
        if missed := sorted(set(observed) - names):
            problems.append(_not_listed(said_in, missed))
    return verified, problems


def _absent(item: Declared) -> Problem:
    return errors.CHECKSUM_FILE_MISSING.at(
        item.name,
        f"{item.said_in} (line {item.line}) lists '{item.name}', but there is no such file.",
        "Copy the file into the folder, or remove its line if it is not meant to be kept.",
        field=f"line {item.line}",
    )


def _differs(item: Declared, found: str) -> Problem:
    return errors.CHECKSUM_MISMATCH.at(
        item.name,
        f"'{item.name}' is not the file that was checksummed: {item.said_in} (line {item.line}) "
        f"says {item.algorithm} {item.digest}, the file has {found}.",
        "Copy the file again from its origin. If it was changed on purpose, make the checksum "
        "file again.",
        field=f"line {item.line}",
    )


def _not_listed(said_in: str, missed: list[str]) -> Problem:
    some = ", ".join(f"'{name}'" for name in missed[:5])
    more = f" and {len(missed) - 5} more" if len(missed) > 5 else ""
    return errors.CHECKSUM_NOT_LISTED.at(
        said_in,
        f"{said_in} has no line for {some}{more}; nothing vouches for what was copied.",
        f"Add them, one line a file: {_EXAMPLE}",
    )
