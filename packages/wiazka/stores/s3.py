"""A store in an S3 bucket. The only door to boto3 (docs/stores.md)."""

import io
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import ClientError, HTTPClientError
from urllib3.exceptions import HTTPError

from wiazka.errors import BytesRefused, LockNotKept, ObjectMissing, StoreError
from wiazka.evidence import CHUNK, sha256_to_end
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import (
    NO_ANSWER,
    Answer,
    Capabilities,
    Content,
    Credentials,
    ObjectInfo,
    Past,
    Reading,
    changed_or,
    checked_key,
)
from wiazka.stores.probing import Declared, Locked, probe
from wiazka.stores.remembering import ProbeMemory, remembered
from wiazka.stores.s3_answers import code_of, exists, explained, hint_for, refused, status_of
from wiazka.stores.s3_client import connect
from wiazka.stores.s3_digests import of_hex, whole_digest
from wiazka.stores.s3_history import history, listed
from wiazka.stores.s3_keeping import PROBED, Keeping, info_of
from wiazka.stores.s3_parts import (
    TO_FINISH,
    Condition,
    Large,
    Where,
    condition,
    copy_in_parts,
    send_in_parts,
    send_one_part,
)
from wiazka.stores.s3_wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes that are sent at once, that one PUT takes at most, and of one part of what is larger.

    ``at_once``: read into memory and sent by the short way; what is larger is streamed by boto3,
    which asks the server before it sends a body. ``single_put``: AWS takes 5 GB, others 5 GiB.
    ``part``: some are held in memory at once, until a file has too many for that.
    """

    at_once: int = 4 << 20
    single_put: int = 5_000_000_000
    part: int = 16 << 20


def open_bucket(
    name: str,
    settings: S3Store,
    sizes: Sizes | None = None,
    memory: ProbeMemory | None = None,
    credentials: Credentials | None = None,
) -> "S3Bucket":
    """The store that ``settings`` describe; nothing is sent yet. Raises as ``connect`` does.

    ``memory`` keeps what a probe sees; ``credentials`` looks up ``credentials_block``.
    """
    client, wire = connect(name, settings, credentials)
    return S3Bucket(name, client, wire, settings, sizes or Sizes(), memory)


class S3Bucket:
    """Copies as objects of ``bucket`` whose keys begin with ``prefix``."""

    def __init__(
        self,
        name: str,
        client: "S3Client",
        wire: Wire,
        settings: S3Store,
        sizes: Sizes,
        memory: ProbeMemory | None,
    ) -> None:
        self._name = name
        self._client = client
        self._wire = wire
        self._bucket = settings.bucket
        prefix = settings.prefix.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._keeping = Keeping.of(settings)
        self._sizes = sizes
        # By SHA-256, of what was read and sent in parts.
        self._crcs: dict[str, str] = {}
        # Files sent in parts take turns: each has several parts in memory and on the wire.
        self._in_parts = threading.Lock()
        self._memory = memory
        self._endpoint = client.meta.endpoint_url
        self._seen: Capabilities | None = None
        self._probing = threading.Lock()

    @property
    def name(self) -> str:
        """The name it has in the configuration."""
        return self._name

    @property
    def place(self) -> str:
        """``s3://bucket/prefix``."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def capabilities(self) -> Capabilities:
        """What it was seen to do; some small puts under ``probe/`` when it is probed."""
        with self._probing:
            if self._seen is None:
                # What is asked of it belongs to where it is: a lock that is asked for has to be
                # tried.
                locked = " locked" if self._keeping.locks else ""
                self._seen = remembered(
                    self._memory,
                    self._name,
                    f"{self._endpoint} {self.place}{locked}",
                    lambda: probe(self, locks=self._keeping.locks),
                )
            return self._seen

    def put(self, key: str, content: Content) -> Answer:
        """Send ``content``, read once, declared and signed with its digest."""
        seen = self.capabilities()
        in_parts = content.size > self._sizes.single_put
        if in_parts or not seen.conditional_put:
            self._refuse_taken(key)
        return self._keep(key, content, condition(conditional=seen.conditional_put))

    def copy(self, source: str, target: str, size: int, sha256: str) -> None:
        """Copied by the store itself: the bytes never come here."""
        if self.head(source).size != size:
            raise refused(self._name, self.place, source, size, sha256)
        self._refuse_taken(target)
        with self._explained(target):
            self._copy(source, target, size, sha256)
        self._read_lock_back(target)

    def require_lock(self, info: ObjectInfo) -> None:
        """Raises LockNotKept, naming the key and what its lock lacks."""
        if (missing := self._keeping.missing(info)) is not None:
            raise LockNotKept(
                f"Store {self._name!r} ({self.place}), key {info.key!r}: the store keeps it with "
                f"{missing}.",
                f"Make the bucket with Object Lock (docs/stores.md), or take stores.{self._name}."
                "lock out of wiazka.toml. What is there was not removed.",
            )

    def crc64nvme_of(self, sha256: str) -> str | None:
        """That of a file that this process sent in parts."""
        return self._crcs.get(sha256)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The bytes under a key, streamed."""
        return self._streamed(key)

    @contextmanager
    def _streamed(self, key: str, version_id: str | None = None) -> Iterator[BinaryIO]:
        with self._explained(key):
            answer = self._wire.get(self._full(key), version_id)

        def read(size: int) -> bytes:
            with self._explained(key):
                try:
                    return answer.read(size)
                except (HTTPError, OSError) as error:
                    raise HTTPClientError(error=error) from error

        try:
            yield io.BufferedReader(Reading(read), CHUNK)
        finally:
            # What was not read to its end cannot carry another request.
            answer.close()

    def hashed(self, key: str, size: int) -> tuple[int, str]:
        """Of the bytes as they come over the wire."""
        with self._explained(key):
            answer = self._wire.get(self._full(key))
            try:
                return sha256_to_end(answer.read, size)
            except (HTTPError, OSError) as error:
                raise HTTPClientError(error=error) from error
            finally:
                answer.close()

    def head(self, key: str) -> ObjectInfo:
        """Its size and lock, and its digests where the store kept those of the whole object."""
        found = self._head(key)
        return info_of(key, found, whole_digest(found, "sha256"), whole_digest(found, "crc64nvme"))

    def list(self, prefix: str = "", after: str = "") -> Iterator[ObjectInfo]:
        """All objects whose key begins with ``prefix``; S3 lists them sorted by their UTF-8."""
        with self._explained(prefix):
            yield from listed(self._client, self._bucket, self._prefix, prefix, after)

    @contextmanager
    def anew(self) -> Iterator["S3Bucket"]:
        """The bucket by new connections; those it had stay open for the others."""
        again = copy(self)
        again._wire = self._wire.anew()
        try:
            yield again
        finally:
            again._wire.close()

    def history(self, key: str) -> Sequence[Past]:
        """Its versions and delete markers, as the bucket lists them."""
        with self._explained(key):
            return history(self._client, self._where(key))

    def open_past(self, key: str, past: Past) -> AbstractContextManager[BinaryIO]:
        """The bytes of one version, streamed."""
        return self._streamed(key, past.version_id)

    def _full(self, key: str) -> str:
        return self._prefix + checked_key(key)

    def _where(self, key: str) -> Where:
        return {"Bucket": self._bucket, "Key": self._full(key)}

    def _head(self, key: str) -> Mapping[str, str]:
        with self._explained(key):
            try:
                return self._wire.head(self._full(key))
            except ClientError as error:
                if status_of(error) == 404:
                    # A HEAD answer has no body: only the bucket tells whether the key is missing
                    # or the bucket, which are two very different findings of an audit.
                    self._require_bucket()
                raise

    def _require_bucket(self) -> None:
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if status_of(error) != 404:
                raise
            raise StoreError(
                f"Store {self._name!r} ({self.place}): there is no bucket {self._bucket!r}.",
                hint_for("NoSuchBucket", StoreError, self._name),
            ) from error

    def _refuse_taken(self, key: str) -> None:
        with suppress(ObjectMissing):
            self._head(key)
            raise exists(self._name, self.place, key)

    def offer(self, key: str, data: bytes, declared: Declared) -> Answer:
        """One small PUT, declared as ``declared`` says and whatever the store can do."""
        headers = self._keeping_for(declared.locked).headers(datetime.now(UTC))
        if declared.checksum:
            headers["x-amz-checksum-sha256"] = of_hex(declared.checksum)
            # Stores that return no digest still show what was declared: no proof.
            headers["x-amz-meta-sha256"] = declared.checksum
        if declared.conditional:
            headers["if-none-match"] = "*"
        if declared.instead_of:
            headers["if-match"] = declared.instead_of
        with self._explained(key):
            try:
                said = self._wire.put(self._full(key), data, headers, sha256=declared.payload)
            except ClientError as error:
                expected = len(data), declared.checksum
                if not self._kept_before(key, expected, error):
                    raise
                return NO_ANSWER
        return Answer(whole_digest(said, "sha256"), said.get("etag"))

    def offer_whole_crc(self, key: str, data: bytes, crc: str) -> None:
        """One part, and a hex CRC64NVME of the whole."""
        with self._explained(key):
            send_one_part(self._client, self._where(key), data, crc)

    def _keeping_for(self, locked: Locked) -> Keeping:
        if locked is Locked.AS_CONFIGURED:
            return self._keeping
        return PROBED if locked is Locked.ONE_DAY else Keeping()

    def _keep(self, key: str, content: Content, only: Condition) -> Answer:
        if content.size > self._sizes.single_put:
            self._put_in_parts(key, content, only)
            answer = NO_ANSWER
        else:
            answer = self._send(key, content, only)
        self._read_lock_back(key)
        return answer

    def _send(self, key: str, content: Content, only: Condition) -> Answer:
        with content.open() as body:
            # A file that has grown shorter would leave the server waiting for the rest.
            if isinstance(content.source, Path) and os.fstat(body.fileno()).st_size != content.size:
                refusal = refused(self._name, self.place, key, content.size, content.sha256)
                raise changed_or(content, refusal)
            try:
                if content.size <= self._sizes.at_once:
                    declared = Declared(
                        content.sha256,
                        content.sha256,
                        conditional="IfNoneMatch" in only,
                        instead_of=only.get("IfMatch"),
                    )
                    return self.offer(key, body.read(content.size), declared)
                return self._stream(key, content, body, only)
            except BytesRefused as refusal:
                raise changed_or(content, refusal) from refusal

    def _stream(self, key: str, content: Content, body: BinaryIO, only: Condition) -> Answer:
        with self._explained(key):
            try:
                said = self._client.put_object(
                    **self._where(key),
                    **self._keeping.parameters(datetime.now(UTC)),
                    Body=body,
                    ContentLength=content.size,
                    ChecksumSHA256=of_hex(content.sha256),
                    Metadata={"sha256": content.sha256},
                    **only,
                )
            except ClientError as error:
                if not self._kept_before(key, (content.size, content.sha256), error):
                    raise
                return NO_ANSWER
        return Answer(whole_digest(said["ResponseMetadata"]["HTTPHeaders"], "sha256"), said["ETag"])

    def _put_in_parts(self, key: str, content: Content, only: Condition) -> None:
        large = Large(
            self._where(key),
            content,
            part=self._sizes.part,
            # A retention counts from here, but has to last as long from the last part on.
            keeping=self._keeping.parameters(datetime.now(UTC) + TO_FINISH),
            whole_crc=self.capabilities().whole_crc,
            only=only,
        )
        with self._in_parts, self._explained(key):
            try:
                self._crcs[content.sha256] = send_in_parts(self._client, self._wire, large)
            except ClientError as error:
                if not self._kept_before(key, (content.size, content.sha256), error):
                    raise
            except BytesRefused as refusal:
                raise changed_or(content, refusal) from refusal

    def _copy(self, source: str, target: str, size: int, sha256: str) -> None:
        keeping = self._keeping.parameters(datetime.now(UTC))
        if size > self._sizes.single_put:
            copy_in_parts(
                self._client, self._where(source), self._where(target), size, sha256, keeping
            )
            return
        self._client.copy_object(
            **self._where(target),
            **keeping,
            CopySource={"Bucket": self._bucket, "Key": self._full(source)},
            ChecksumAlgorithm="SHA256",
            Metadata={"sha256": sha256},
            MetadataDirective="REPLACE",
        )

    def _read_lock_back(self, key: str) -> None:
        if self._keeping.locks:
            self.require_lock(self.head(key))

    def _kept_before(self, key: str, sent: tuple[int, str | None], error: ClientError) -> bool:
        """Whether a refusal only says that the first of several tries had arrived after all."""
        if not error.response["ResponseMetadata"].get("RetryAttempts"):
            return False
        # Parts that have been put together are no upload any more.
        if status_of(error) != 412 and code_of(error) != "NoSuchUpload":
            return False
        try:
            found = self._wire.head(self._full(key))
        except ClientError:
            return False
        return (int(found["content-length"]), found.get("x-amz-meta-sha256")) == sent

    def _explained(self, key: str) -> AbstractContextManager[None]:
        return explained(self._name, self.place, key)
