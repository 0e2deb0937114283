"""The tag files of a delivered bag, read by the letter of RFC 8493 and no more kindly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wiazka import problem_kinds
from wiazka.intake.names import printable
from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import Problem

ALGORITHMS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")

_DECLARATION = re.compile(
    rb"BagIt-Version: (\d+\.\d+)(?:\r\n|\r|\n)Tag-File-Character-Encoding: (\S+)(?:\r\n|\r|\n)?"
)
_EXAMPLE = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8"
_MANIFEST = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>[A-Za-z0-9_-]+)\.txt")
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"(?P<digest>[0-9A-Fa-f]+)[ \t]+(?P<path>.+)")
_FETCH = re.compile(r"(?P<url>\S+)[ \t]+(?P<length>\d+|-)[ \t]+(?P<path>.+)")
_TAG = re.compile(r"(?P<label>[^\s:][^:]*?)[ \t]*:[ \t]*(?P<value>.*)")
_CODED = re.compile(r"%(0[aA]|0[dD]|25)")
_DRIVE = re.compile(r"^[A-Za-z]:")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a manifest: what it says of the file at ``path``, decoded but not trusted."""

    path: str
    digest: str
    number: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest by its file's name; ``tags`` where it is one of tag files."""

    name: str
    algorithm: str
    tags: bool
    lines: tuple[Line, ...] = ()


def manifest_named(name: str) -> Manifest | None:
    """The manifest, without its lines, that a file of this name at the top of a bag is."""
    found = _MANIFEST.fullmatch(name)
    return Manifest(name, found["algorithm"].lower(), bool(found["tag"])) if found else None


def declaration_problem(data: bytes) -> Problem | None:
    """What is wrong with bagit.txt (2.1.1)."""
    found = _DECLARATION.fullmatch(data)
    version, encoding = (
        (part.decode("ascii", "replace") for part in found.groups()) if found else ("", "")
    )
    if not found:
        message = say("bagit.txt is not the two lines that make a folder a bag.")
    elif version not in VERSIONS:
        message = say("The bag is of BagIt version {version}, which is not known.", version=version)
    elif encoding.upper() != "UTF-8":
        message = say("The bag's tag files are in {encoding}, not in UTF-8.", encoding=encoding)
    else:
        return None
    remedy = say(
        "Make the bag again with a bagging program. A right bagit.txt reads, from its first byte "
        "on:\n{example}",
        example=_EXAMPLE,
    )
    return problem_kinds.BAG_DECLARATION.at("bagit.txt", message, remedy)


def read_manifest(manifest: Manifest, data: bytes) -> tuple[list[Line], list[Problem]]:
    """The lines of a manifest (2.1.3, 2.2.1), and a problem for each that is none.

    Two lines for one file are one when they say the same.
    """
    lines: dict[str, Line] = {}
    problems: list[Problem] = []
    for number, text in _numbered(manifest.name, data, problems):
        found = _LINE.fullmatch(text)
        if not found or len(found["digest"]) != ALGORITHMS[manifest.algorithm]:
            problems.append(_no_line(manifest, number, text))
            continue
        line = Line(_decoded(found["path"]), found["digest"].lower(), number)
        if fault := _unsafe(line.path) or _elsewhere(line.path, tags=manifest.tags):
            problems.append(_unsafe_line(manifest.name, number, text, fault))
        elif (first := lines.setdefault(line.path, line)).digest != line.digest:
            problems.append(_two_digests(manifest.name, first, line))
    return list(lines.values()), problems


def read_fetch(data: bytes) -> tuple[list[str], list[Problem]]:
    """The files that fetch.txt says are elsewhere (2.2.3), and what is wrong with its lines."""
    paths = []
    problems: list[Problem] = []
    for number, text in _numbered("fetch.txt", data, problems):
        found = _FETCH.fullmatch(text)
        path = _decoded(found["path"]) if found else ""
        if not found:
            message = say(
                "Line {number} of fetch.txt is none: '{line}'.", number=number, line=_short(text)
            )
            remedy = say("A line is an address, a length or '-', and a path under data/.")
            problems.append(
                problem_kinds.BAG_LINE.at("fetch.txt", message, remedy, field=f"line {number}")
            )
        elif fault := _unsafe(path) or _elsewhere(path, tags=False):
            problems.append(_unsafe_line("fetch.txt", number, text, fault))
        else:
            paths.append(path)
    return paths, problems


def read_info(data: bytes) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The labels and values of bag-info.txt (2.2.2), continued lines put together."""
    tags: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for number, text in _numbered("bag-info.txt", data, problems):
        if text[0] in " \t" and tags:
            label, value = tags[-1]
            tags[-1] = (label, f"{value} {text.strip()}".strip())
        elif found := _TAG.fullmatch(text):
            tags.append((found["label"], found["value"].strip()))
        else:
            message = say(
                "Line {number} of bag-info.txt is none: '{line}'.", number=number, line=_short(text)
            )
            remedy = say(
                "A line is a label, a colon and a value, as in: External-Description: Note"
            )
            problems.append(
                problem_kinds.BAG_LINE.at("bag-info.txt", message, remedy, field=f"line {number}")
            )
    return tags, problems


def _numbered(name: str, data: bytes, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """The lines of a tag file that have something in them; what it is not goes to ``problems``."""
    if data.startswith(_BOM):
        message = say("'{name}' begins with a byte order mark, which no bag's file may.", name=name)
        problems.append(problem_kinds.BAG_LINE.at(name, message, _again()))
        data = data.removeprefix(_BOM)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        message = say("Line {number} of '{name}' is not UTF-8.", number=number, name=name)
        problems.append(problem_kinds.BAG_LINE.at(name, message, _again(), field=f"line {number}"))
        return
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if line.strip(" \t"):
            yield number, line


def _decoded(path: str) -> str:
    """A path as a manifest writes it: CR, LF and % are coded, and only those (2.1.3)."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), path)


def coded(path: str) -> str:
    """A path with CR, LF and % coded: of a file that is named so, where a bag coded nothing."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _unsafe(path: str) -> Phrase | None:
    parts = path.removeprefix("./").split("/")
    if path.startswith(("/", "~", "\\")) or _DRIVE.match(path) or ".." in parts:
        return say("names a place outside of the bag")
    return None


def _elsewhere(path: str, *, tags: bool) -> Phrase | None:
    in_payload = path.removeprefix("*").removeprefix("./").startswith("data/")
    if tags and in_payload:
        return say("names a file of the payload, among the tag files")
    if not tags and not in_payload:
        return say("names a file that is not under data/")
    return None


def _short(text: str) -> str:
    return printable(text[:120])


def _again() -> Phrase:
    return say("Make the bag again with a bagging program, from the original files.")


def _no_line(manifest: Manifest, number: int, text: str) -> Problem:
    return problem_kinds.BAG_LINE.at(
        manifest.name,
        say(
            "Line {number} of {name} is none: '{line}'.",
            number=number,
            name=manifest.name,
            line=_short(text),
        ),
        say(
            "A line is a {algorithm} digest of {digits} digits, two blanks and a path, as in: "
            "{digits_shown}…  data/scans/0001r.tif. Make the bag again with a bagging program.",
            algorithm=manifest.algorithm,
            digits=ALGORITHMS[manifest.algorithm],
            digits_shown="0123456789abcdef",
        ),
        field=f"line {number}",
    )


def _unsafe_line(name: str, number: int, text: str, fault: Phrase) -> Problem:
    return problem_kinds.BAG_LINE.at(
        name,
        say(
            "Line {number} of {name} {fault}: '{line}'.",
            number=number,
            name=name,
            fault=fault,
            line=_short(text),
        ),
        _again(),
        field=f"line {number}",
    )


def _two_digests(name: str, first: Line, second: Line) -> Problem:
    return problem_kinds.BAG_LINE.at(
        name,
        say(
            "Lines {first} and {second} of {name} give two different digests for '{path}'.",
            first=first.number,
            second=second.number,
            name=name,
            path=printable(second.path),
        ),
        _again(),
        field=f"line {second.number}",
    )
