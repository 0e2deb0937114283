"""Checksum files as producers make them: their names, their styles, their lines."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wiazka import problem_kinds
from wiazka.intake.names import printable
from wiazka.phrase import say
from wiazka.problem_kinds import Problem
from wiazka.record.encoding import decode
from wiazka.record.text import words

_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_BY_DIGITS = {digits: name for name, digits in _DIGITS.items()}
EXAMPLE = f"{'0123456789abcdef' * 4}  scans/0001r.tif"

_ONE = "md5|sha1|sha224|sha256|sha384|sha512"
_NAME = re.compile(
    rf"(?:check_?sums?|sum[ay][ _-]kontroln[ae])\.(?:{_ONE}|txt|csv)"
    rf"|(?:{_ONE})sums?(?:\.txt)?|manifest-(?:{_ONE})\.txt|.+\.(?:{_ONE})(?:sums?)?",
    re.I,
)
_BESIDE = re.compile(rf"(?P<file>.+)\.(?:{_ONE})(?:sums?)?", re.I)
_LISTS = re.compile(rf"(?:check_?sums?|sum[ay][ _-]kontroln[ae]|manifest-(?:{_ONE}))\.[^.]+", re.I)

_HEX = r"(?P<digest>[0-9A-Fa-f]{32,128})"
_GNU = re.compile(rf"(?P<escaped>\\?){_HEX}(?: [ *]|\t\*?| )(?P<name>.+)")
_BSD = re.compile(rf"(?P<escaped>\\?)(?P<algorithm>[A-Za-z0-9-]+) ?\((?P<name>.+)\) ?= ?{_HEX}")
_BARE = re.compile(rf"{_HEX}\s*")
# What PowerShell's Get-FileHash shows, as a table or as a list.
_TABLE = re.compile(rf"(?P<algorithm>{_ONE}) +{_HEX} +(?P<name>\S.*?) *", re.I)
_LISTED = re.compile(r"(?P<key>Algorithm|Hash|Path) *: (?P<value>.*?) *")
_RULER = re.compile(r"Algorithm +Hash +Path *|[- ]+|#.*|;.*|\s*")
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\\\": "\\"}

_FILE_HEADINGS = frozenset(
    ("file", "filename", "file name", "name", "path", "plik", "nazwa", "nazwa pliku", "sciezka")
)
_DIGEST_HEADINGS = frozenset(("checksum", "hash", "digest", "suma", "suma kontrolna", "skrot"))
_ALGORITHM_HEADINGS = frozenset(("algorithm", "algorytm"))


@dataclass(frozen=True, slots=True)
class Declared:
    """One line of a checksum file: what the producer says of a file, and where they say it.

    ``names`` are the ways to read the file's name, the likeliest first: bytes that are no UTF-8
    can be letters of another encoding, or be the name's own. ``bare`` is a line without a name.
    """

    names: tuple[str, ...]
    algorithm: str
    digest: str
    said_in: str
    line: int
    bare: bool = False


def is_checksum_file(name: str) -> bool:
    """Whether a file of this name (or path) holds checksums: ``md5sum.txt``, ``0001r.tif.md5``."""
    return _NAME.fullmatch(name.rpartition("/")[2]) is not None


def vouches_for(name: str) -> str | None:
    """The one file that a checksum file of this path lies beside; None for one that is a list."""
    folder, slash, base = name.rpartition("/")
    match = _BESIDE.fullmatch(base)
    return folder + slash + match["file"] if match and not _LISTS.fullmatch(base) else None


def read_checksums(data: bytes, said_in: str) -> tuple[list[Declared], list[Problem]]:
    """The lines of a checksum file, in any of the styles of docs/deliveries.md.

    ``said_in`` is its path, as problems name it. Lines that are none become problems.
    """
    if said_in.casefold().endswith(".csv"):
        return _read_csv(data, said_in)
    declared: list[Declared] = []
    problems: list[Problem] = []
    block: dict[str, str] = {}
    for number, read in _lines(data):
        line, readings = read[0], read
        if _RULER.fullmatch(line):
            continue
        if listed := _LISTED.fullmatch(line):
            block[listed["key"]] = listed["value"]
            if listed["key"] != "Path":
                continue
            readings = tuple(
                f"{block.get('Algorithm', '')} {block.get('Hash', '')} {r.partition(': ')[2]}"
                for r in readings
            )
        if item := _read_line(readings, said_in, number):
            declared.append(item)
        else:
            problems.append(_no_checksum(said_in, number, line))
    return declared, problems


def _lines(data: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines with their numbers, each read in one way or two; only LF and CR LF end one."""
    for number, readings in enumerate(zip(*_texts(data), strict=True), start=1):
        yield number, tuple(dict.fromkeys(line.removesuffix("\r") for line in readings))


def _texts(data: bytes) -> list[list[str]]:
    found = decode(data)
    if found and found.is_unicode:
        return [found.text.split("\n")]
    own = data.decode("utf-8", "surrogateescape").split("\n")
    return [found.text.split("\n"), own] if found else [own]


def _read_line(readings: tuple[str, ...], said_in: str, number: int) -> Declared | None:
    for style in (_BSD, _TABLE, _GNU, _BARE):
        matches = [match for match in map(style.fullmatch, readings) if match]
        if matches:
            break
    else:
        return None
    parts = matches[0].groupdict()
    algorithm = _algorithm(parts.get("algorithm"), parts["digest"], said_in)
    if algorithm is None:
        return None
    if style is _BARE:
        beside = vouches_for(said_in)
        names = [beside.rpartition("/")[2]] if beside else []
    else:
        names = [_unescaped(match["name"], match.groupdict().get("escaped")) for match in matches]
    digest = parts["digest"].casefold()
    bare = style is _BARE
    return Declared(tuple(names), algorithm, digest, said_in, number, bare) if names else None


def _algorithm(named: str | None, digest: str, said_in: str) -> str | None:
    """The algorithm that a line or its file names, if the digest is as long; else by its length."""
    by_length = _BY_DIGITS.get(len(digest))
    if named:
        plain = named.casefold().replace("-", "").replace("sha2256", "sha256")
        return by_length if plain.replace("sha2512", "sha512") == by_length else None
    in_name = re.findall(_ONE, said_in.rpartition("/")[2].casefold())
    return by_length if not in_name or by_length in in_name else None


def _unescaped(name: str, escaped: str | None) -> str:
    """GNU coreutils: a line that begins with a backslash has its name's line ends escaped."""
    if not escaped:
        return name
    return re.sub(r"\\[nr\\]", lambda match: _ESCAPES[match[0]], name)


def _no_checksum(said_in: str, number: int, line: str) -> Problem:
    return problem_kinds.CHECKSUM_UNREADABLE.at(
        said_in,
        say(
            "Line {number} of {file} is no checksum of a file in this delivery: '{line}'.",
            number=number,
            file=said_in,
            line=printable(line[:80]),
        ),
        say(
            "Every line is a digest, two blanks, and a path inside this folder: {example}",
            example=EXAMPLE,
        ),
        field=f"line {number}",
    )


def _read_csv(data: bytes, said_in: str) -> tuple[list[Declared], list[Problem]]:
    """A table with a column of file names and one or more of digests."""
    decoded = decode(data)
    text = decoded.text if decoded else data.decode("utf-8", "replace")
    lines = text.splitlines(keepends=True)
    # PowerShell's Export-Csv writes the type of its objects first.
    start = 1 if lines and lines[0].startswith("#TYPE") else 0
    head = lines[start] if len(lines) > start else ""
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=delimiter)
    headings = [words(cell) for cell in next(reader, [])]
    files = [at for at, heading in enumerate(headings) if heading in _FILE_HEADINGS]
    digests = [at for at, heading in enumerate(headings) if _holds_digests(heading)]
    if not files or not digests:
        return [], [_no_columns(said_in, head)]
    declared: list[Declared] = []
    problems: list[Problem] = []
    for cells in reader:
        number = reader.line_num + start
        for at in digests:
            if at >= len(cells) or not cells[at].strip():
                continue
            digest = cells[at].strip()
            name = cells[files[0]].strip() if files[0] < len(cells) else ""
            algorithm = _algorithm_of_cell(headings, at, cells, digest)
            if name and algorithm and re.fullmatch("[0-9A-Fa-f]+", digest):
                declared.append(Declared((name,), algorithm, digest.casefold(), said_in, number))
            else:
                problems.append(_no_checksum(said_in, number, delimiter.join(cells)))
    return declared, problems


def _holds_digests(heading: str) -> bool:
    return heading in _DIGEST_HEADINGS or heading.replace(" ", "") in _DIGITS


def _algorithm_of_cell(headings: list[str], at: int, cells: list[str], digest: str) -> str | None:
    by_length = _BY_DIGITS.get(len(digest))
    named = headings[at].replace(" ", "")
    if named not in _DIGITS:
        column = next((i for i, h in enumerate(headings) if h in _ALGORITHM_HEADINGS), None)
        if column is None or column >= len(cells):
            return by_length
        named = words(cells[column]).replace(" ", "")
    return by_length if named == by_length else None


def _no_columns(said_in: str, head: str) -> Problem:
    return problem_kinds.CHECKSUM_UNREADABLE.at(
        said_in,
        say(
            "{file} has no column of file names, or none of digests; its headings are: {headings}",
            file=said_in,
            headings=printable(head.strip()[:200]),
        ),
        say("Name the columns in its first row, for example: file;sha256"),
        field="line 1",
    )
