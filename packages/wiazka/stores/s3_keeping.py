"""What every object of a store is kept with: its storage class, and that nobody may remove it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from wiazka.settings_of_stores import Retention, S3Store
from wiazka.stores.base import ObjectInfo

if TYPE_CHECKING:
    from mypy_boto3_s3.literals import StorageClassType

# As far apart as S3 lets the clocks of two machines be.
SKEW = timedelta(minutes=15)


class Parameters(TypedDict, total=False):
    """What boto3 takes with a put, a copy or the beginning of parts."""

    StorageClass: "StorageClassType"
    ObjectLockMode: Literal["GOVERNANCE", "COMPLIANCE"]
    ObjectLockRetainUntilDate: datetime
    ObjectLockLegalHoldStatus: Literal["ON"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The storage class, retention and legal hold that are configured for a store."""

    storage_class: str | None = None
    retention: Retention | None = None
    legal_hold: bool = False

    @classmethod
    def of(cls, settings: S3Store) -> "Keeping":
        """What ``settings`` ask for."""
        return cls(settings.storage_class, settings.lock, settings.legal_hold)

    @property
    def locks(self) -> bool:
        """Whether objects are to be locked at all."""
        return self.retention is not None or self.legal_hold

    def parameters(self, now: datetime) -> Parameters:
        """For boto3, of an object that is stored ``now`` (UTC)."""
        asked = Parameters()
        if self.storage_class:
            # Whatever the provider calls it: only AWS's names are known to the stubs.
            asked["StorageClass"] = cast("StorageClassType", self.storage_class)
        if self.retention:
            asked["ObjectLockMode"] = _MODES[self.retention.mode]
            asked["ObjectLockRetainUntilDate"] = _end(self.retention, now)
        if self.legal_hold:
            asked["ObjectLockLegalHoldStatus"] = "ON"
        return asked

    def headers(self, now: datetime) -> dict[str, str]:
        """The same as headers of a request, their names in lower case."""
        asked = {}
        if self.storage_class:
            asked["x-amz-storage-class"] = self.storage_class
        if self.retention:
            asked["x-amz-object-lock-mode"] = _MODES[self.retention.mode]
            asked["x-amz-object-lock-retain-until-date"] = f"{_end(self.retention, now):{_ISO}}"
        if self.legal_hold:
            asked["x-amz-object-lock-legal-hold"] = "ON"
        return asked

    def missing(self, info: ObjectInfo) -> str | None:
        """What of the lock an object lacks, in words; None where it is kept as asked for."""
        if self.legal_hold and not info.legal_hold:
            return "no legal hold"
        if self.retention is None:
            return None
        mode, stored = self.retention.mode, info.stored_at or datetime.now(UTC)
        end = _end(self.retention, stored)
        if info.locked_until is None:
            return f"no retention, instead of {mode} until {end:{_ISO}}"
        if info.lock_mode not in (mode, "compliance"):
            return f"a retention of {info.lock_mode}, instead of {mode}"
        if info.locked_until < end - SKEW:
            return f"a retention until {info.locked_until:{_ISO}}, instead of {end:{_ISO}}"
        return None


_ISO = "%Y-%m-%dT%H:%M:%SZ"
_MODES: dict[str, Literal["GOVERNANCE", "COMPLIANCE"]] = {
    "governance": "GOVERNANCE",
    "compliance": "COMPLIANCE",
}


# What a probe asks for: soon over, and whoever has to can end it before.
PROBED = Keeping(retention=Retention(mode="governance", days=1))


def _end(retention: Retention, now: datetime) -> datetime:
    if retention.until:
        return datetime.combine(retention.until, time(), UTC)
    # Whole seconds: a server that cuts off the rest would keep it for less than was asked.
    return now.replace(microsecond=0) + timedelta(days=retention.days or 0, seconds=1)


def info_of(key: str, found: Mapping[str, str], sha256: str | None, crc: str | None) -> ObjectInfo:
    """What the headers of an answer say of an object, whose digests have been read from them."""
    version = found.get("x-amz-version-id")
    until = found.get("x-amz-object-lock-retain-until-date")
    stored = found.get("last-modified")
    return ObjectInfo(
        key,
        int(found["content-length"]),
        sha256,
        crc64nvme=crc,
        # "null": written while the bucket kept no versions.
        version_id=None if version == "null" else version,
        locked_until=datetime.fromisoformat(until).astimezone(UTC) if until else None,
        legal_hold=found.get("x-amz-object-lock-legal-hold", "").upper() == "ON",
        lock_mode=found.get("x-amz-object-lock-mode", "").lower() or None,
        stored_at=parsedate_to_datetime(stored) if stored else None,
    )
