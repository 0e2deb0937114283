"""Signatures: a source line as printed, and what its grammar understands of it."""

import re

from wiazka.errors import SOURCE_NO_ARCHIVE, SOURCE_UNPARSED, Problem
from wiazka.record.grammar import PARTS, Archive, Grammar, Scheme, grammar
from wiazka.record.model import Folios, Repository, Source
from wiazka.record.text import fold, nfc

# A signature is a line, not a text; longer ones are pasted by mistake and never match.
_LONGEST = 500
_HEAD = re.compile(r"\s*(?:source|zrodlo|sygnatura|sygn\.)\s*:\s*")


def parse_source(line: str) -> Source:
    """What a signature says (ISAD(G) 3.5.1, EAD3 originalsloc); ``line`` itself is kept as it is.

    A line is either understood to its last character or refused: scheme ``unparsed``, and one
    warning. The repository is known by its name at the beginning or the end of the line.
    """
    known = grammar()
    text = nfc(line)
    folded = fold(text)
    if len(text) <= _LONGEST and len(folded) == len(text):
        for source in (_with_archive(line, text, folded, known), _alone(line, text, folded, known)):
            if source is not None:
                return source
    return Source(verbatim=line, problems=(_unparsed(line),))


def _with_archive(line: str, text: str, folded: str, known: Grammar) -> Source | None:
    for archive in known.archives:
        for start, end in _rests(archive, text, folded):
            scheme = known.schemes.get(archive.scheme or "")
            if scheme is None:
                continue
            parts = _parts(text[:end], folded[:end], start, scheme)
            if parts is not None:
                return _source(line, scheme, archive.repository, parts)
    return None


def _alone(line: str, text: str, folded: str, known: Grammar) -> Source | None:
    for scheme in known.schemes.values():
        if scheme.alone is not None and scheme.alone.search(folded):
            parts = _parts(text, folded, _after_head(folded), scheme)
            if parts:
                return _source(line, scheme, None, parts, (_no_archive(line),))
    return None


def _rests(archive: Archive, text: str, folded: str) -> list[tuple[int, int]]:
    """Where the signature proper begins and ends, for each end of the line that names it."""
    rests = []
    head = _after_head(folded)
    if first := archive.first.match(text, head):
        rests.append((first.end(), len(text)))
    if last := archive.last.search(text, head):
        rests.append((head, last.start()))
    return rests


def _after_head(folded: str) -> int:
    head = _HEAD.match(folded)
    return head.end() if head else 0


def _parts(text: str, folded: str, at: int, scheme: Scheme) -> dict[str, str] | None:
    """The parts from ``at`` to the end of ``text``; None unless all of it is understood."""
    parts: dict[str, str] = {}
    at = _past_separators(text, at)
    while at < len(text):
        for reader in scheme.readers:
            read = reader.read(text, folded, at)
            if read is not None and reader.part not in parts:
                parts[reader.part], at = read
                break
        else:
            return None
        at = _past_separators(text, at)
    return parts


def _past_separators(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in ",;."):
        at += 1
    return at


def _source(
    line: str,
    scheme: Scheme,
    repository: Repository | None,
    parts: dict[str, str],
    problems: tuple[Problem, ...] = (),
) -> Source:
    plain = {part: parts.get(part) for part in PARTS if part != "folios"}
    return Source(
        verbatim=line,
        scheme=scheme.name,
        repository=repository,
        folios=_folios(parts.get("folios")),
        problems=problems,
        **plain,
    )


def _folios(value: str | None) -> Folios | None:
    if value is None:
        return None
    first, *last = re.split(r"\s*[-–]\s*", value, maxsplit=1)
    return Folios(first=first, last=last[0] if last else None)


def _unparsed(line: str) -> Problem:
    return SOURCE_UNPARSED.at(
        "",
        f"The source '{line}' is kept as it is; no known grammar reads it.",
        "Nothing need be done. If it is mistyped, correct it "
        "(as in: AMSZ, Department II, 30/87, w. 5.); "
        "to have such signatures read, add their archive to config/archives.toml.",
        field="source",
    )


def _no_archive(line: str) -> Problem:
    return SOURCE_NO_ARCHIVE.at(
        "",
        f"The signature '{line}' does not say which archive it is in.",
        "Put the archive's name before it, as in: AMSZ, z-d 30/87.",
        field="source",
    )
