"""The chain of events as text: what is hashed, and how it stands outside of the database."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from wiazka.evidence import sha256

# What the first event has for the hash of the one before.
ORIGIN = "0" * 64


def canonical(value: object) -> str:
    """JSON in the one form that is hashed: keys sorted, no blanks, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(row: Mapping[str, str | int | None]) -> str:
    """The hash of an event, from all of its fields but that."""
    # ``detail`` is kept as canonical text; in the hash it is the object that it stands for.
    whole = {**row, "detail": json.loads(str(row["detail"]))}
    return sha256(canonical(whole).encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it stands in the table: plain text, verbatim, and whole in its hash."""

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
        return canonical({**asdict(self), "detail": json.loads(self.detail)})

    @property
    def is_intact(self) -> bool:
        """Whether the hash is that of the rest."""
        row = asdict(self)
        del row["hash"]
        try:
            # Else blanks could be put into the text of ``detail`` unseen.
            return canonical(json.loads(self.detail)) == self.detail and digest(row) == self.hash
        except (ValueError, TypeError):
            return False


_NAMES = {field.name for field in fields(Link)}
_NUMBERS = {"seq", "version"}
_OPTIONAL = {"identity", "version", "store"}


def link_of_line(line: str) -> Link:
    """The event that ``Link.line`` wrote. Raises ValueError that says why it is not one."""
    try:
        told = json.loads(line)
    except ValueError as error:
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
