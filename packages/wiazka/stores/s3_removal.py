"""Removing from an S3 bucket: every version, every delete marker, never around a lock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypedDict

from botocore.exceptions import ClientError

from wiazka.errors import ObjectMissing, StoreDenied
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import ObjectInfo
from wiazka.stores.locks import locked_error
from wiazka.stores.s3 import S3Bucket, Sizes
from wiazka.stores.s3_client import connect

REQUESTS_AT_ONCE = 8
# Servers name in their own ways that a bucket or an object has no lock, or that they know of none.
_NO_LOCK = frozenset(
    {
        "ObjectLockConfigurationNotFoundError",
        "NoSuchObjectLockConfiguration",
        "InvalidRequest",
        "NotImplemented",
        "MethodNotAllowed",
    }
)


class _OfVersion(TypedDict, total=False):
    VersionId: str


def open_removing_bucket(name: str, settings: S3Store) -> "S3Removal":
    """The bucket that ``settings`` describe, able to remove. Raises ConfigError as open_bucket."""
    client, wire = connect(name, settings)
    return S3Removal(name, client, wire, settings, Sizes(), memory=None)


class S3Removal(S3Bucket):
    """A bucket whose objects can be removed."""

    def all_versions(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every version and delete marker; the locks are asked for where the bucket can lock."""
        found = list(self._listed(prefix))
        if not found or not self._can_lock():
            yield from found
            return
        with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
            yield from pool.map(self._with_lock, found)

    def remove(self, info: ObjectInfo) -> None:
        """One DELETE of one version, so that the answer is of this one alone.

        The header that would get round a governance lock is never sent.
        """
        try:
            with self._explained(info.key):
                self._client.delete_object(**self._where(info.key), **_version(info))
        except ObjectMissing:
            return
        except StoreDenied:
            # A lock and a missing right are both 403: the lock is the better answer where it is.
            locked = self._with_lock(info) if self._can_lock() else info
            if locked.locked_until or locked.legal_hold:
                raise locked_error(self, locked) from None
            raise

    def discard_parts(self, prefix: str) -> None:
        """Abort every unfinished upload: its parts are in no listing, but they are kept."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with self._explained(prefix):
            for page in pages:
                for upload in page.get("Uploads", []):
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )

    def _listed(self, prefix: str) -> Iterator[ObjectInfo]:
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with self._explained(prefix):
            for page in pages:
                for version in page.get("Versions", []):
                    key = version["Key"].removeprefix(self._prefix)
                    yield ObjectInfo(key, version["Size"], None, version_id=version["VersionId"])
                for marker in page.get("DeleteMarkers", []):
                    key = marker["Key"].removeprefix(self._prefix)
                    yield ObjectInfo(key, 0, None, version_id=marker["VersionId"])

    def _can_lock(self) -> bool:
        with self._explained(""):
            try:
                answer = self._client.get_object_lock_configuration(Bucket=self._bucket)
            except ClientError as error:
                if error.response["Error"].get("Code") in _NO_LOCK:
                    return False
                raise
        return answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"

    def _with_lock(self, info: ObjectInfo) -> ObjectInfo:
        until, hold = None, False
        with self._explained(info.key):
            try:
                kept = self._client.get_object_retention(**self._where(info.key), **_version(info))
                until = kept["Retention"].get("RetainUntilDate")
            except ClientError as error:
                self._require_no_lock(error)
            try:
                held = self._client.get_object_legal_hold(**self._where(info.key), **_version(info))
                hold = held["LegalHold"].get("Status") == "ON"
            except ClientError as error:
                self._require_no_lock(error)
        return replace(info, locked_until=until, legal_hold=hold)

    def _require_no_lock(self, error: ClientError) -> None:
        """Raises ``error`` unless it says that there is no lock; a delete marker can have none."""
        if error.response["Error"].get("Code") not in {*_NO_LOCK, "NoSuchKey", "NoSuchVersion"}:
            raise error


def _version(info: ObjectInfo) -> _OfVersion:
    return {"VersionId": info.version_id} if info.version_id else {}
