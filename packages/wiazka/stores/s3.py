"""A store in an S3 bucket. The only door to boto3 (docs/stores.md)."""

import base64
import io
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import ClientError, HTTPClientError
from urllib3.exceptions import HTTPError

from wiazka.errors import BytesRefused, ObjectExists, ObjectMissing, StoreError
from wiazka.evidence import CHUNK
from wiazka.settings import S3Store
from wiazka.stores.base import (
    Capabilities,
    Content,
    ObjectInfo,
    Reading,
    changed_or,
    checked_key,
)
from wiazka.stores.probing import probe
from wiazka.stores.s3_answers import explained, hint_for, status_of
from wiazka.stores.s3_client import connect
from wiazka.stores.s3_parts import Where, condition, send_in_parts
from wiazka.stores.s3_wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes that are sent at once, that one PUT takes at most, and of one part of what is larger.

    ``at_once``: read into memory and sent by the short way; what is larger is streamed by boto3,
    which asks the server before it sends a body. ``single_put``: AWS takes 5 GB, others 5 GiB.
    """

    at_once: int = 4 << 20
    single_put: int = 5_000_000_000
    part: int = 64 << 20


def open_bucket(name: str, settings: S3Store, sizes: Sizes | None = None) -> "S3Bucket":
    """The store that ``settings`` describe; nothing is sent yet. Raises as ``connect`` does."""
    client, wire = connect(name, settings)
    return S3Bucket(name, client, wire, settings, sizes or Sizes())


class S3Bucket:
    """Copies as objects of ``bucket`` whose keys begin with ``prefix``."""

    def __init__(
        self, name: str, client: "S3Client", wire: Wire, settings: S3Store, sizes: Sizes
    ) -> None:
        self._name = name
        self._client = client
        self._wire = wire
        self._bucket = settings.bucket
        prefix = settings.prefix.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._sizes = sizes
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
        """What it was seen to do; three small puts under ``probe/`` on first use."""
        with self._probing:
            if self._seen is None:
                self._seen = probe(self)
            return self._seen

    def put(self, key: str, content: Content) -> None:
        """Send ``content``, read once, declared and signed with its digest."""
        conditional = self.capabilities().conditional_put
        in_parts = content.size > self._sizes.single_put
        if in_parts or not conditional:
            self._refuse_taken(key)
        if in_parts:
            where, part = self._where(key), self._sizes.part
            with self._explained(key):
                send_in_parts(self._client, where, content, part, conditional=conditional)
        else:
            self.send(key, content, conditional=conditional)

    def copy(self, source: str, target: str, size: int, sha256: str) -> None:
        """Copied by the store itself: the bytes never come here."""
        if self.head(source).size != size:
            raise self._refused(source, size, sha256)
        self._refuse_taken(target)
        with self._explained(target):
            self._client.copy_object(
                **self._where(target),
                CopySource={"Bucket": self._bucket, "Key": self._where(source)["Key"]},
                ChecksumAlgorithm="SHA256",
                Metadata={"sha256": sha256},
                MetadataDirective="REPLACE",
            )

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """The bytes under a key, streamed."""
        with self._explained(key):
            answer = self._wire.get(self._full(key))

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
            answer.release_conn() if answer.closed else answer.close()

    def head(self, key: str) -> ObjectInfo:
        """Its size, and its SHA-256 where the store kept that of the whole object."""
        found = self._head(key)
        return ObjectInfo(key, int(found["content-length"]), _kept_digest(found))

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """All objects whose key begins with ``prefix``; S3 lists them sorted by their UTF-8."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with self._explained(prefix):
            for page in pages:
                for found in page.get("Contents", []):
                    key = found["Key"].removeprefix(self._prefix)
                    yield ObjectInfo(key, found["Size"], None)

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
            raise self._exists(key)

    def send(self, key: str, content: Content, *, conditional: bool) -> None:
        """One PUT; where ``conditional``, only if the key is free. Raises as ``put`` does."""
        with content.open() as body:
            # A file that has grown shorter would leave the server waiting for the rest.
            if isinstance(content.source, Path) and os.fstat(body.fileno()).st_size != content.size:
                raise changed_or(content, self._refused(key, content.size, content.sha256))
            try:
                with self._explained(key):
                    self._put_object(key, content, body, conditional=conditional)
            except BytesRefused as refusal:
                raise changed_or(content, refusal) from refusal

    def _put_object(self, key: str, content: Content, body: BinaryIO, *, conditional: bool) -> None:
        digest = _base64(content.sha256)
        try:
            if content.size <= self._sizes.at_once:
                headers = {
                    "x-amz-checksum-sha256": digest,
                    # Stores that return no digest still show what was declared: no proof.
                    "x-amz-meta-sha256": content.sha256,
                    **({"if-none-match": "*"} if conditional else {}),
                }
                data = body.read(content.size)
                self._wire.put(self._full(key), data, headers, sha256=content.sha256)
            else:
                self._client.put_object(
                    **self._where(key),
                    Body=body,
                    ContentLength=content.size,
                    ChecksumSHA256=digest,
                    Metadata={"sha256": content.sha256},
                    **condition(conditional=conditional),
                )
        except ClientError as error:
            if not self._kept_before(key, content, error):
                raise

    def _kept_before(self, key: str, content: Content, error: ClientError) -> bool:
        """Whether an "exists" only says that the first of several tries had arrived after all."""
        if status_of(error) != 412 or not error.response["ResponseMetadata"].get("RetryAttempts"):
            return False
        found = self._head(key)
        declared = found.get("x-amz-meta-sha256")
        return (int(found["content-length"]), declared) == (content.size, content.sha256)

    def _exists(self, key: str) -> ObjectExists:
        message = f"Store {self._name!r} ({self.place}) already has an object under {key!r}."
        return ObjectExists(message, hint_for("", ObjectExists, self._name))

    def _refused(self, key: str, size: int, sha256: str) -> BytesRefused:
        return BytesRefused(
            f"Store {self._name!r} ({self.place}), key {key!r}: what was to be stored is not the "
            f"{size} bytes with SHA-256 {sha256} that were declared.",
            hint_for("", BytesRefused, self._name),
        )

    def _explained(self, key: str) -> AbstractContextManager[None]:
        return explained(self._name, self.place, key)


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode("ascii")


def _kept_digest(found: Mapping[str, str]) -> str | None:
    kept = found.get("x-amz-checksum-sha256", "")
    # "…-3": a digest of the digests of three parts, which is not the file's.
    if not kept or "-" in kept or found.get("x-amz-checksum-type") == "COMPOSITE":
        return None
    return base64.b64decode(kept).hex()
