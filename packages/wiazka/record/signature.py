"""Signatures: a source line as printed, and what its grammar understands of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wiazka.phrase import say
from wiazka.problem_kinds import (
    SOURCE_NO_ARCHIVE,
    SOURCE_NOT_A_SIGNATURE,
    SOURCE_PART_TWICE,
    SOURCE_UNPARSED,
    Problem,
)
from wiazka.record.grammar import REMARK, Archive, Grammar, Scheme, grammar
from wiazka.record.model import Folios, Repository, Source
from wiazka.record.readers import Line, Read, Reader, line_of

# A signature is a line, not a text; longer ones are pasted by mistake and never match.
_LONGEST = 500
# Lines that could be cut into parts in very many ways are no signatures.
_MOST_STEPS = 2000
_SEPARATORS = " ,;.:)"
_WORD = re.compile(r"[^\W_]+")
_HEAD = re.compile(
    r"\s*(?:(?:(?:archival )?source|zrodlo|sygnatura|signature|sygn\.?|sign?\.)\s*:\s*)+"
    r"|\s*sygn\.\s+"
)
# A name that has "archive" in it, or is an abbreviation, with no number before the signature.
_UNKNOWN_ARCHIVE = re.compile(
    r"(?P<name>[^,;:\d]{0,80}\b(?i:arch?iv\w*|arkhiv\w*|archiwum|архив\w*|архів\w*|держархів\w*)"
    r"\b[^,;:\d(]{0,60}|[A-ZА-ЯІЇЄҐ]{2,}[A-Za-zА-Яа-яІіЇїЄєҐґ]*"
    r"(?: [A-ZА-ЯІЇЄҐ][A-Za-zА-Яа-яІіЇїЄєҐґ]*){0,4})(?: \([^()\d]{2,60}\))?[,;.]\s*"
)
# What explains an archive's name: "ЦДАГО України (Центр. держ. архів …)".
_GLOSS = re.compile(r"[\s,]*\([^()\d]{3,100}\)")
# "Long name (ABBREVIATION)": what stands in brackets is an archive that is known by it.
_BRACKETED = re.compile(r"[^\d()\[\];]{4,120}[(\[](?P<inner>[^()\[\]\d]{2,120})[)\]]")
_NOT_GIVEN = re.compile(
    r"(?P<labels>[\w.]+(?:\s*(?:,|/|&|\band\b|\bor\b|\bi\b|\boraz\b)\s*[\w.]+)*)\s+"
    r"(?:is |are |was |were )?(?:not|nie)\s+"
    r"(?:given|indicated|known|stated|specified|provided|listed|podan\w*)\b"
)

_PARTS = {
    "department": say("its department"),
    "fonds": say("its fonds"),
    "series": say("its series"),
    "accession": say("its accession"),
    "bundle": say("its bundle"),
    "box": say("its box"),
    "file": say("its file"),
    "folios": say("its folios"),
    "year": say("its year"),
}


@dataclass(slots=True)
class _Parts:
    """What has been read so far of one line."""

    values: dict[str, str] = field(default_factory=dict)
    twice: dict[str, tuple[str, str]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    owed: frozenset[str] = frozenset()

    def with_read(self, read: Read, reader: Reader) -> "_Parts":
        """All that was read, with what ``reader`` has read now."""
        values, twice, remarks = dict(self.values), dict(self.twice), self.remarks
        for part, value in read:
            if part == REMARK:
                remarks = (*remarks, value)
            elif reader.joins and part in values:
                values[part] = f"{values[part]}, {value}"
            elif values.setdefault(part, value) != value:
                twice[part] = (values[part], value)
        owed = self.owed - {part for part, _ in read}
        if reader.then is not None:
            owed |= {reader.then}
        return _Parts(values, twice, remarks, self.not_given, owed)


def parse_source(line: str) -> Source:
    """What a signature says (ISAD(G) 3.5.1, EAD3 originalsloc); ``line`` itself is kept as it is.

    A line is either understood to its last character or refused: scheme ``unparsed``, and one
    warning. The repository is known by its name at the beginning or the end of the line. A part
    that two labels give two values is left out, with a warning.
    """
    return read_source(line) or read_leniently(line)


def read_leniently(line: str) -> Source:
    """As ``parse_source``, for a line that was not read strictly."""
    source = read_source(line, strict=False)
    return source or Source(verbatim=line, problems=(_unparsed(line),))


def read_source(
    line: str, *, within: Repository | None = None, strict: bool = True
) -> Source | None:
    """As ``parse_source``; None for a line that no grammar reads.

    ``within`` is the archive that the line before has named; ``strict`` refuses a part that is
    given twice.
    """
    if len(line) > _LONGEST:
        return None
    whole = line_of(line)
    known = grammar()
    head = _HEAD.match(whole.folded)
    rest = whole.cut(head.end() if head else 0, len(whole.text))
    rest, remarks = _without_remarks(rest, known)
    start = _past_separators(rest, 0)
    if rest.plain.startswith("(", start) and ")" not in rest.plain.rstrip(")"):
        start += 1  # the whole line in brackets
    reading = _Reading(line, rest.cut(start, len(rest.text)), known, within, strict=strict)
    for source in reading.readings():
        if source is not None and remarks:
            return source.model_copy(update={"remarks": (*source.remarks, *remarks)})
        if source is not None:
            return source
    return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One line, and the ways in which it may be understood, the most certain first."""

    line: str
    rest: Line
    known: Grammar
    within: Repository | None
    strict: bool

    def readings(self) -> Iterator[Source | None]:
        """What each way gives, None where it does not fit."""
        words = _WORD.findall(self.rest.folded)
        first = [archive for word in words[:3] for archive in self.known.by_first.get(word, ())]
        for archive in dict.fromkeys(first):
            if found := archive.first.match(self.rest.named):
                yield self._in_archive(archive, found.group(), found.end(), len(self.rest.text))
                yield self._after_gloss(archive, found.group(), found.end())
        for archive in self.known.by_last.get(words[-1], ()) if words else ():
            if found := archive.last.search(self.rest.named):
                yield self._in_archive(archive, found.group(), 0, found.start())
        yield self._in_bracketed_archive()
        yield self._telling()
        yield self._alone()
        yield self._in_unknown_archive()

    def _in_archive(self, archive: Archive, name: str, start: int, end: int) -> Source | None:
        parts = self._parts(start, end, archive.scheme)
        if parts is not None and (parts.values or archive.enough.search(name)):
            return self._source(archive.scheme, archive.repository, parts)
        return None

    def _after_gloss(self, archive: Archive, name: str, start: int) -> Source | None:
        gloss = _GLOSS.match(self.rest.plain, start)
        if gloss is None or any(
            word in self.known.by_first
            for word in _WORD.findall(self.rest.folded[start : gloss.end()])
        ):
            return None
        return self._in_archive(archive, name, gloss.end(), len(self.rest.text))

    def _in_bracketed_archive(self) -> Source | None:
        found = _BRACKETED.match(self.rest.named)
        words = _WORD.findall(self.rest.folded[slice(*found.span("inner"))]) if found else []
        if found is None or not words:
            return None
        for archive in self.known.by_first.get(words[0], ()):
            if archive.enough.fullmatch(found["inner"]):
                name, start = found["inner"], found.end()
                return self._in_archive(archive, name, start, len(self.rest.text))
        return None

    def _telling(self) -> Source | None:
        for scheme, telling in self.known.telling:
            if telling.reader.read(self.rest, 0) is None:
                continue
            parts = self._parts(0, len(self.rest.text), scheme)
            if parts is not None:
                return self._source(scheme, telling.repository or self.within, parts)
        return None

    def _alone(self) -> Source | None:
        return self._by_labels(self.within, 0)

    def _by_labels(self, where: Repository | None, start: int) -> Source | None:
        """The first scheme whose labels, or parts, tell it without a known archive."""
        labelled = self.known.alone.search(self.rest.folded) is not None
        for scheme in self.known.schemes:
            if scheme.complete or (labelled and self._is_told_by_labels(scheme)):
                parts = self._parts(start, len(self.rest.text), scheme)
                if parts is not None and self._is_enough(scheme, parts):
                    return self._source(scheme, where, parts)
        return None

    def _in_unknown_archive(self) -> Source | None:
        """``Regional state archive, f. 1, op. 2, d. 3``: the parts tell the scheme."""
        found = _UNKNOWN_ARCHIVE.match(self.rest.plain)
        if found is None or self._names_known_archive():
            return None
        name = Repository(code=None, name=self.rest.text[: found.end("name")].strip())
        return self._by_labels(name, found.end())

    def _names_known_archive(self) -> bool:
        words = _WORD.findall(self.rest.folded)[:3]
        known = (archive for word in words for archive in self.known.by_first.get(word, ()))
        return any(archive.first.match(self.rest.named) for archive in known)

    def _is_told_by_labels(self, scheme: Scheme) -> bool:
        return scheme.alone is not None and scheme.alone.search(self.rest.folded) is not None

    def _is_enough(self, scheme: Scheme, parts: _Parts) -> bool:
        complete = bool(scheme.complete) and scheme.complete <= parts.values.keys()
        return complete or (bool(parts.values) and self._is_told_by_labels(scheme))

    def _parts(self, start: int, end: int, scheme: Scheme) -> _Parts | None:
        """The parts of a piece of the line; None unless all of it is understood."""
        rest = self.rest.cut(start, end)
        at = _past_separators(rest, 0)
        return _from(rest, at, scheme, _Parts(), [_MOST_STEPS], strict=self.strict)

    def _source(self, scheme: Scheme, repository: Repository | None, parts: _Parts) -> Source:
        if not scheme.signature:
            problem = _no_signature(self.line)
            return Source(verbatim=self.line, scheme=scheme.name, problems=(problem,))
        certain = {part: value for part, value in parts.values.items() if part not in parts.twice}
        twice = [_twice(self.line, part, *values) for part, values in parts.twice.items()]
        missing = [] if repository else [_no_archive(self.line)]
        return Source(
            verbatim=self.line,
            scheme=scheme.name,
            repository=repository,
            folios=_folios(certain.pop("folios", None)),
            not_given=parts.not_given,
            remarks=parts.remarks,
            problems=(*missing, *twice),
            **certain,
        )


def _without_remarks(rest: Line, known: Grammar) -> tuple[Line, tuple[str, ...]]:
    """The line without what it says at its end beside the signature ("original in Russian")."""
    remarks: list[str] = []
    while (found := known.remarks.search(rest.folded)) and found.start() > 0:
        remarks.insert(0, rest.text[slice(*found.span("remark"))].strip(" ()[]"))
        rest = rest.cut(0, found.start())
    return rest, tuple(remarks)


def _from(
    rest: Line, at: int, scheme: Scheme, parts: _Parts, steps: list[int], *, strict: bool
) -> _Parts | None:
    if at >= len(rest.text):
        return None if parts.owed else parts
    steps[0] -= 1
    if steps[0] < 0:
        return None
    for reader in scheme.readers_at(rest.folded[at]):
        if reader.since is not None and reader.since not in parts.values:
            continue
        read = reader.read(rest, at)
        if read is None:
            continue
        values, end = read
        more = parts.with_read(values, reader)
        if len(more.twice) > len(parts.twice) and (strict or not _may_be_left_out(more, reader)):
            continue
        found = _from(rest, _past_separators(rest, end), scheme, more, steps, strict=strict)
        if found is not None:
            return found
    if strict and rest.plain[at] == "(":  # around a signature, or a part of it
        return _from(rest, at + 1, scheme, parts, steps, strict=strict)
    return _from_not_given(rest, at, scheme, parts, steps, strict=strict)


def _may_be_left_out(parts: _Parts, reader: Reader) -> bool:
    """Whether a part given twice leaves the others certain: two leaves tell of a label misread."""
    return reader.labelled and "folios" not in parts.twice


def _from_not_given(
    rest: Line, at: int, scheme: Scheme, parts: _Parts, steps: list[int], *, strict: bool
) -> _Parts | None:
    """``Fond and Opis not given``: said, and so not silently absent."""
    found = _NOT_GIVEN.match(rest.folded, at)
    if found is None:
        return None
    labels = re.split(r"\s*(?:,|/|&|\band\b|\bor\b|\bi\b|\boraz\b)\s*", found["labels"])
    named = [scheme.labels.get(label.strip(". ")) for label in labels]
    if None in named:
        return None
    said = tuple(part for part in named if part is not None)
    more = _Parts(parts.values, parts.twice, parts.remarks, said, parts.owed)
    end = _past_separators(rest, found.end())
    return _from(rest, end, scheme, more, steps, strict=strict)


def _past_separators(rest: Line, at: int) -> int:
    while at < len(rest.plain) and rest.plain[at] in _SEPARATORS:
        at += 1
    return at


def _folios(value: str | None) -> Folios | None:
    if value is None:
        return None
    if "," in value:  # several leaves, not a range: "193-194, 197"
        return Folios(first=value)
    first, *last = re.split(r"\s*[-‐‑‒–—―−]\s*", value, maxsplit=1)
    return Folios(first=first, last=last[0] if last else None)


def _unparsed(line: str) -> Problem:
    return SOURCE_UNPARSED.at(
        "",
        say("The source '{line}' is kept as it is; no known grammar reads it.", line=line),
        say(
            "Nothing need be done. If it is mistyped, correct it "
            "(as in: AMSZ, Department II, 30/87, w. 5.); "
            "to have such signatures read, add their archive to config/archives.toml."
        ),
        field="source",
    )


def _no_archive(line: str) -> Problem:
    return SOURCE_NO_ARCHIVE.at(
        "",
        say("The signature '{line}' does not say which archive it is in.", line=line),
        say("Put the archive's name before it, as in: AMSZ, z-d 30/87."),
        field="source",
    )


def _no_signature(line: str) -> Problem:
    return SOURCE_NOT_A_SIGNATURE.at(
        "",
        say(
            "'{line}' is a number that an office gave the document, not its place in an archive.",
            line=line,
        ),
        say(
            "Put it under registry_marks, and the signature here, as in: "
            'source: "AMSZ, Department II, 30/87, w. 5"   or, where it is not known: '
            "source: unknown"
        ),
        field="source",
    )


def _twice(line: str, part: str, first: str, second: str) -> Problem:
    return SOURCE_PART_TWICE.at(
        "",
        say(
            "The signature '{line}' gives {part} twice, as '{first}' and as '{second}'; "
            "neither was taken.",
            line=line,
            part=_PARTS.get(part, part),
            first=first,
            second=second,
        ),
        say(
            "If one of the labels is mistyped, correct it, as in: "
            "AVPRF, f. 0102, op. 13, p. 72, d. 5"
        ),
        field="source",
    )
