"""The tables. Migrations say how a database gets there; a test holds the two together."""

from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

from wiazka.catalogue.model import State, Unchanged, VersionState
from wiazka.catalogue.text import clean, in_utc
from wiazka.evidence import Grade

E = TypeVar("E", bound=StrEnum)

# The revision the code is written for: the newest in migrations/versions.
HEAD = "0008"


class CleanText(TypeDecorator[str]):
    """Text that any file name can be put into."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else clean(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. As text, since SQLite has no time type that keeps the zone."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> str | None:
        return None if value is None else in_utc(value)

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Word(TypeDecorator[E], Generic[E]):
    """One word of a closed list."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        return None if value is None else self.words(value)


METADATA = MetaData()

VERSION = Table(
    "version",
    METADATA,
    Column("identity", CleanText, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", CleanText, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", Word(VersionState), nullable=False),
    Column("bagged_at", UtcTime, nullable=False),
    Column("registered_at", UtcTime),
    Column("delivery", CleanText, nullable=False),
    Column("folder", CleanText, nullable=False),
    Column("record_json", CleanText, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("file_count", Integer, nullable=False),
    Column("search", CleanText, nullable=False),
    Index("version_content", "content"),
)

FILE = Table(
    "file",
    METADATA,
    Column("identity", CleanText, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("path", CleanText, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("held_in", Integer),
    Column("held_as", CleanText),
    ForeignKeyConstraint(["identity", "version"], ["version.identity", "version.number"]),
)

SIGNATURE = Table(
    "signature",
    METADATA,
    Column("identity", CleanText, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("verbatim", CleanText, nullable=False),
    Column("stem", CleanText, nullable=False),
    Column("likeness", CleanText, nullable=False),
    ForeignKeyConstraint(["identity", "version"], ["version.identity", "version.number"]),
    Index("signature_likeness", "likeness", "stem"),
)

# A proof of one grade proves every weaker one, so each column holds the last proof of its grade *or
# stronger*, and "what is due at this grade" is one walk along one index. Empty text is "never": it
# sorts before every time in both databases, where NULLs do not.
PROOFS = {grade: "proved_" + grade.value.replace("-", "_") for grade in Grade}

_AS_PLANNED = (
    ("store", "standing"),
    ("stored_at", "identity", "version", "size", "file_count"),
)

COPY = Table(
    "copy",
    METADATA,
    Column("identity", CleanText, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("store", Text, primary_key=True),
    Column("stored_at", UtcTime, nullable=False),
    # 0 when sound; below 0 when a check failed, by how strong it was (copies.doubt); 1 when the
    # store did not let us look (copies.unanswered).
    Column("standing", Integer, nullable=False),
    Column("unchanged", Word(Unchanged), nullable=False, server_default=Unchanged.REFERENCE),
    *(Column(name, Text, nullable=False) for name in PROOFS.values()),
    # When a check last was not ok; empty is "never".
    Column("failed_at", Text, nullable=False, server_default=""),
    # Since when other bits may lie there than a look that began before saw; empty is "always".
    Column("reset_at", Text, nullable=False, server_default=""),
    # Those of its version, once more: a plan adds up ten millions of them, and all it needs of a
    # copy stands in one index.
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("file_count", Integer, nullable=False, server_default="0"),
    ForeignKeyConstraint(["identity", "version"], ["version.identity", "version.number"]),
    *(Index(f"copy_{name}", *_AS_PLANNED[0], name, *_AS_PLANNED[1]) for name in PROOFS.values()),
    Index(
        "copy_failed",
        "store",
        "failed_at",
        "identity",
        "version",
        sqlite_where=text("standing <> 0"),
        postgresql_where=text("standing <> 0"),
    ),
)

# Where each store was when it was last used: what was proved elsewhere says nothing of it.
PLACE = Table(
    "place",
    METADATA,
    Column("store", Text, primary_key=True),
    Column("place", CleanText, nullable=False),
)

# What each store was seen to do, where it was when that was seen.
PROBE = Table(
    "probe",
    METADATA,
    Column("store", Text, primary_key=True),
    Column("place", CleanText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seen", Text, nullable=False),
)

# Asked for by one person, approved by another; ``version`` is None for the whole package.
DEACCESSION = Table(
    "deaccession",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("identity", CleanText, nullable=False),
    Column("version", Integer),
    Column("reason", CleanText, nullable=False),
    Column("requested_by", CleanText, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("approved_by", CleanText),
    Column("approved_at", UtcTime),
    Column("due_at", UtcTime),
    Column("withdrawn_by", CleanText),
    Column("withdrawn_at", UtcTime),
    Column("done_at", UtcTime),
    Index("deaccession_identity", "identity"),
)

SUBMISSION = Table(
    "submission",
    METADATA,
    Column("delivery", CleanText, primary_key=True),
    Column("folder", CleanText, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("state", Word(State), nullable=False),
    Column("identity", CleanText),
    Column("version", Integer),
    Column("sentence", CleanText, nullable=False),
    Column("at", UtcTime, nullable=False),
)

CLAIM = Table(
    "claim",
    METADATA,
    Column("key", CleanText, primary_key=True),
    Column("host", CleanText, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

# Plain text throughout: what is hashed is what stands here (docs/ledger.md).
EVENT = Table(
    "event",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("identity", Text),
    Column("version", Integer),
    Column("store", Text),
    Column("agent", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("event_identity", "identity", "seq"),
    Index("event_hash", "hash"),
)

# One row. Without it events taken off the end would not show.
LEDGER = Table(
    "ledger",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1", name="ledger_one_row"), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
