"""Mending in an S3 bucket: a new version where the bucket keeps them, else the old bytes aside."""

from contextlib import suppress

from wiazka.errors import ObjectExists, ObjectMissing, StoreError
from wiazka.evidence import chunks, digests_of
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import Content, Credentials
from wiazka.stores.layout import aside_key
from wiazka.stores.remembering import ProbeMemory
from wiazka.stores.replacement import Kept, changed_meanwhile, not_aside
from wiazka.stores.s3 import S3Bucket, Sizes
from wiazka.stores.s3_answers import knows_no_conditions
from wiazka.stores.s3_client import connect
from wiazka.stores.s3_parts import Condition


def open_replacing_bucket(
    name: str,
    settings: S3Store,
    memory: ProbeMemory | None = None,
    credentials: Credentials | None = None,
    sizes: Sizes | None = None,
) -> "S3Replacement":
    """The bucket that ``settings`` describe, able to mend. Raises ConfigError as open_bucket."""
    client, wire = connect(name, settings, credentials)
    return S3Replacement(name, client, wire, settings, sizes or Sizes(), memory)


class S3Replacement(S3Bucket):
    """A bucket in which an object can take another's place."""

    def put_back(self, key: str, content: Content) -> None:
        """A put; of a delete marker, which only hides what is right, too: nothing is removed."""
        try:
            self.put(key, content)
        except ObjectExists:
            # Some servers take a delete marker for an object that is there.
            with suppress(ObjectMissing):
                self._head(key)
                raise
            self._keep(key, content, Condition())

    def keep_aside(self, key: str) -> Kept:
        """Nothing has to be done where the bucket keeps versions; else the store copies them."""
        found = self._head(key)
        tag, version = found["etag"], found.get("x-amz-version-id", "null")
        if version != "null" and self._keeps_versions():
            return Kept(key, tag, version_id=version)
        size, sha256 = self._hashed(key)
        aside = aside_key(key, sha256)
        with suppress(ObjectExists):
            self.copy(key, aside, size, sha256)
        if self._hashed(aside) != (size, sha256):
            raise not_aside(self, key, aside)
        return Kept(key, tag, aside=aside)

    def replace(self, kept: Kept, content: Content) -> None:
        """A put on the condition that the object is still the same, where the store has that."""
        try:
            self._keep(kept.key, content, Condition(IfMatch=kept.tag))
        except StoreError as error:
            if not isinstance(error, ObjectExists) and not knows_no_conditions(error):
                raise
            # Ceph refuses an object's very own tag, Swift any: then a last look has to do.
            if self._head(kept.key)["etag"] != kept.tag:
                raise changed_meanwhile(self, kept.key) from error
            self._keep(kept.key, content, Condition())
        if kept.version_id:
            with self._explained(kept.key):
                self._client.head_object(**self._where(kept.key), VersionId=kept.version_id)

    def _keeps_versions(self) -> bool:
        with self._explained(""):
            answer = self._client.get_bucket_versioning(Bucket=self._bucket)
        return answer.get("Status") == "Enabled"

    def _hashed(self, key: str) -> tuple[int, str]:
        with self.open(key) as stream:
            size, digests = digests_of(chunks(stream), ["sha256"])
        return size, digests["sha256"]
