"""What is chosen of each store: its kind, where it is, whose it is, and what it does."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Section(BaseModel):
    """A table of the configuration: what it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _OfEveryStore(Section):
    """What is known of every store, whatever its kind.

    ``role``: a restore reads from the primary first, and from a dark archive last. ``unchanged``:
    whether a next version refers to files that an earlier one holds, or has copies of its own.
    """

    role: Literal["primary", "replica", "dark"] = "replica"
    location: str | None = None
    provider: str | None = None
    medium: str | None = None
    unchanged: Literal["reference", "copy"] = "reference"


class DirectoryStore(_OfEveryStore):
    """A store in a directory: a disk, a NAS, a mounted share."""

    kind: Literal["directory"]
    path: Path

    @property
    def spot(self) -> tuple[str, ...]:
        """What no other store may have."""
        return ("directory", os.path.normpath(self.path.expanduser()))

    @property
    def provided_by(self) -> str:
        """Who keeps it, as ``providers_required`` counts."""
        return self.provider or "this house"


class Retention(Section):
    """How long an object cannot be removed (S3 Object Lock): for ``days``, or ``until`` a day."""

    mode: Literal["governance", "compliance"]
    days: int | None = Field(default=None, ge=1)
    until: date | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.days is None) == (self.until is None):
            raise ValueError("give days or until, as in days = 3650 or until = 2036-01-01")
        return self


class S3Store(_OfEveryStore):
    """A store in an S3 bucket. Credentials never stand in a file: see docs/stores.md.

    ``storage_class`` is ``class`` in the file. ``credentials_block`` names a Prefect secret block.
    """

    kind: Literal["s3"]
    bucket: str
    prefix: str = ""
    endpoint: str | None = Field(default=None, pattern=r"^https?://[^/\s]+")
    region: str | None = None
    profile: str | None = None
    credentials_block: str | None = None
    storage_class: str | None = Field(default=None, alias="class")
    lock: Retention | None = None
    legal_hold: bool = False
    timeout_seconds: float = Field(default=60, gt=0)
    attempts: int = Field(default=4, ge=1)

    @property
    def spot(self) -> tuple[str, ...]:
        """What no other store may have."""
        return ("s3", (self.endpoint or "aws").rstrip("/"), self.bucket, self.prefix.strip("/"))

    @property
    def provided_by(self) -> str:
        """Who keeps it, as ``providers_required`` counts."""
        return self.provider or self.endpoint or "aws"


StoreSettings = Annotated[DirectoryStore | S3Store, Field(discriminator="kind")]
