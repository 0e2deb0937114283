"""The chain of events as text: what is hashed, and how it stands outside of the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from json.encoder import encode_basestring

from wiazka.evidence import sha256

# What the first event has for the hash of the one before.
ORIGIN = "0" * 64
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> str:
    """JSON in the one form that is hashed: keys sorted, no blanks, letters as they are."""
    return _JSON.encode(value)


def digest(row: Mapping[str, str | int | None]) -> str:
    """The hash of an event, from all of its fields but that."""
    # ``detail`` is kept as canonical text; in the hash it is the object that it stands for.
    whole = {**row, "detail": json.loads(str(row["detail"]))}
    return sha256(canonical(whole).encode("utf-8"))


@dataclass(frozen=True)
class Link:
    """An event as it stands in the table: plain text, verbatim, and whole in its hash.

    No slots: that an event is what was written is found out once, whoever asks.
    """

    seq: int
    at: str
    kind: str
    outcome: str
    identity: str | None
    version: int | None
    store: str | None
    agent: str
    sentence: str
    detail: str
    previous: str
    hash: str

    @property
    def line(self) -> str:
        """It as one line of JSON: what is hashed, and the hash."""
        before, after = self._halves(canonical(json.loads(self.detail)))
        return self._with_hash(before, after)

    @cached_property
    def intact_line(self) -> bytes | None:
        """Its ``line`` in UTF-8; None where the hash is not that of the rest."""
        try:
            # Else blanks could be put into the text of ``detail`` unseen.
            if canonical(json.loads(self.detail)) != self.detail:
                return None
            before, after = self._halves(self.detail)
            if sha256(f"{before}{after}".encode()) != self.hash:
                return None
            return self._with_hash(before, after).encode()
        # Brackets without end are no text of an event either.
        except (ValueError, TypeError, RecursionError):
            return None

    @property
    def is_intact(self) -> bool:
        """Whether the hash is that of the rest."""
        return self.intact_line is not None

    def _halves(self, detail: str) -> tuple[str, str]:
        """What ``canonical`` makes of it, before and after the hash, in a fifth of the time:
        'log verify' of a million events is nothing but this. Raises TypeError.
        """
        text, number = encode_basestring, int.__repr__
        identity = "null" if self.identity is None else text(self.identity)
        store = "null" if self.store is None else text(self.store)
        version = "null" if self.version is None else number(self.version)
        return (
            f'{{"agent":{text(self.agent)},"at":{text(self.at)},"detail":{detail}',
            f',"identity":{identity},"kind":{text(self.kind)},"outcome":{text(self.outcome)},'
            f'"previous":{text(self.previous)},"sentence":{text(self.sentence)},'
            f'"seq":{number(self.seq)},"store":{store},"version":{version}}}',
        )

    def _with_hash(self, before: str, after: str) -> str:
        return f'{before},"hash":{encode_basestring(self.hash)}{after}'


_NAMES = {field.name for field in fields(Link)}
_NUMBERS = {"seq", "version"}
_OPTIONAL = {"identity", "version", "store"}


def link_of_line(line: bytes) -> Link:
    """The event that ``Link.line`` wrote. Raises ValueError that says why it is not one."""
    try:
        told = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({error})") from error
    if not isinstance(told, dict) or set(told) != _NAMES:
        raise ValueError("it has not the fields of an event")
    told["detail"] = canonical(told["detail"])
    for name, value in told.items():
        kind = int if name in _NUMBERS else str
        if type(value) is not kind and not (value is None and name in _OPTIONAL):
            raise ValueError(f"its {name} is {value!r}")
    link = Link(**told)
    if not link.is_intact:
        raise ValueError("its hash is not that of its text")
    return link
