"""A store in an S3 bucket. The only door to boto3 (docs/stores.md)."""

import base64
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import boto3
from botocore.auth import AUTH_TYPE_MAPS, S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ResponseStreamingError,
)
from botocore.exceptions import ConnectionError as NoConnection

from wiazka.errors import (
    BytesRefused,
    ConfigError,
    ObjectExists,
    ObjectMissing,
    StoreDenied,
    StoreError,
    StoreUnavailable,
)
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
from wiazka.stores.s3_answers import credential_variables, hint_for, kind_of
from wiazka.stores.s3_parts import Where, condition, send_in_parts

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

# No more than the most workers that can be configured.
CONNECTIONS = 64
SIGNER = "wiazka-declared-payload"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes that one PUT takes at most (AWS 5 GB, others 5 GiB), and of one part of what is larger.

    A part is held in memory while it is hashed and sent.
    """

    single_put: int = 5_000_000_000
    part: int = 64 << 20


class _DeclaredPayload(S3SigV4Auth):
    """Signs the SHA-256 that the request declares, instead of reading the body once more for it.

    The server must then refuse any other bytes even when it knows nothing of checksums: Ceph 16
    stores a body with a wrong ``x-amz-checksum-sha256``, but not one with a wrong payload hash.
    """

    def payload(self, request: AWSRequest) -> str:
        declared = request.headers.get("x-amz-checksum-sha256")
        return base64.b64decode(declared).hex() if declared else super().payload(request)


AUTH_TYPE_MAPS[SIGNER] = _DeclaredPayload


def open_bucket(name: str, settings: S3Store, sizes: Sizes | None = None) -> "S3Bucket":
    """The store that ``settings`` describe; nothing is sent yet. Raises as ``connect`` does."""
    return S3Bucket(name, connect(name, settings), settings, sizes or Sizes())


def connect(name: str, settings: S3Store) -> "S3Client":
    """A client of the store that ``settings`` describe; nothing is sent yet.

    Credentials are those of ``credential_variables(name)``, else what AWS tools would use (with
    ``profile``). Raises ConfigError when one of the two is missing or the profile is unknown.
    """
    key_variable, secret_variable = credential_variables(name)
    key_id, secret = os.environ.get(key_variable), os.environ.get(secret_variable)
    if bool(key_id) != bool(secret):
        raise ConfigError(
            f"Store {name!r}: only one of ${key_variable} and ${secret_variable} is set.",
            "Set both, or neither to use the credentials of the AWS tools.",
        )
    try:
        session = boto3.Session(
            aws_access_key_id=key_id or None,
            aws_secret_access_key=secret or None,
            profile_name=settings.profile,
        )
    except ProfileNotFound as error:
        raise ConfigError(
            f"Store {name!r}: no profile {settings.profile!r} in ~/.aws/config.",
            f"Make it with: aws configure --profile {settings.profile}",
        ) from error
    client = session.client(
        "s3",
        endpoint_url=settings.endpoint,
        region_name=settings.region or session.region_name or "us-east-1",
        config=Config(
            connect_timeout=settings.timeout_seconds,
            read_timeout=settings.timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": settings.attempts},
            max_pool_connections=CONNECTIONS,
            # Some https endpoints refuse the trailing checksums that are boto3's default, and every
            # byte that is read is hashed by us anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if settings.endpoint else "auto"},
        ),
    )
    for operation in ("PutObject", "UploadPart"):
        client.meta.events.register_first(
            f"choose-signer.s3.{operation}",
            _choose_signer,  # type: ignore[arg-type]  # the stubs forget that an answer counts
        )
    return client


def _choose_signer(**_: object) -> str:
    return SIGNER


class S3Bucket:
    """Copies as objects of ``bucket`` whose keys begin with ``prefix``."""

    def __init__(self, name: str, client: "S3Client", settings: S3Store, sizes: Sizes) -> None:
        self._name = name
        self._client = client
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

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """The bytes under a key, streamed."""
        with self._explained(key):
            body = self._client.get_object(**self._where(key))["Body"]

        def read(size: int) -> bytes:
            with self._explained(key):
                try:
                    return body.read(size)
                except OSError as error:
                    raise HTTPClientError(error=error) from error

        try:
            yield io.BufferedReader(Reading(read), CHUNK)
        finally:
            body.close()

    def head(self, key: str) -> ObjectInfo:
        """Its size, and its SHA-256 where the store kept that of the whole object."""
        answer = self._head(key)
        return ObjectInfo(key, answer["ContentLength"], _kept_digest(answer))

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

    def _where(self, key: str) -> Where:
        return {"Bucket": self._bucket, "Key": self._prefix + checked_key(key)}

    def _head(self, key: str) -> "HeadObjectOutputTypeDef":
        with self._explained(key):
            try:
                return self._client.head_object(**self._where(key), ChecksumMode="ENABLED")
            except ClientError as error:
                if _status(error) == 404:
                    # A HEAD answer has no body: only the bucket tells whether the key is missing
                    # or the bucket, which are two very different findings of an audit.
                    self._require_bucket()
                raise

    def _require_bucket(self) -> None:
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if _status(error) != 404:
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
                raise changed_or(content, self._refused(key, content))
            try:
                with self._explained(key):
                    self._put_object(key, content, body, conditional=conditional)
            except BytesRefused as refusal:
                raise changed_or(content, refusal) from refusal

    def _put_object(self, key: str, content: Content, body: BinaryIO, *, conditional: bool) -> None:
        try:
            self._client.put_object(
                **self._where(key),
                Body=body,
                ContentLength=content.size,
                ChecksumSHA256=_base64(content.sha256),
                # Stores that return no digest still show what was declared: a label, no proof.
                Metadata={"sha256": content.sha256},
                **condition(conditional=conditional),
            )
        except ClientError as error:
            if not self._kept_before(key, content, error):
                raise

    def _kept_before(self, key: str, content: Content, error: ClientError) -> bool:
        """Whether an "exists" only says that the first of several tries had arrived after all."""
        if _status(error) != 412 or not error.response["ResponseMetadata"].get("RetryAttempts"):
            return False
        answer = self._head(key)
        declared = answer["Metadata"].get("sha256")
        return (answer["ContentLength"], declared) == (content.size, content.sha256)

    def _exists(self, key: str) -> ObjectExists:
        message = f"Store {self._name!r} ({self.place}) already has an object under {key!r}."
        return ObjectExists(message, hint_for("", ObjectExists, self._name))

    def _refused(self, key: str, content: Content) -> BytesRefused:
        return BytesRefused(
            f"Store {self._name!r} ({self.place}), key {key!r}: what was to be sent is not the "
            f"{content.size} bytes with SHA-256 {content.sha256} that were declared.",
            hint_for("", BytesRefused, self._name),
        )

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        where = f"Store {self._name!r} ({self.place}), key {key!r}"
        try:
            yield
        except ClientError as error:
            code, status = _code(error), _status(error)
            kind = kind_of(code, status)
            # An answer to HEAD has no body: its code is then the status once more.
            answer = " ".join(dict.fromkeys((str(status), code)))
            said = f"{where}: the store answered {answer}."
            raise kind(said, hint_for(code, kind, self._name)) from error
        except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
            raise StoreDenied(
                f"{where}: there are no credentials.", hint_for("", StoreDenied, self._name)
            ) from error
        except (
            NoConnection,
            HTTPClientError,
            ResponseStreamingError,
            IncompleteReadError,
        ) as error:
            # The class, not the text: a proxy's URL in it may hold a password.
            raise StoreUnavailable(
                f"{where}: no answer ({type(error).__name__}).",
                hint_for("", StoreUnavailable, self._name),
            ) from error
        except BotoCoreError as error:
            raise StoreError(f"{where}: {error}", hint_for("", StoreError, self._name)) from error


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode("ascii")


def _kept_digest(answer: "HeadObjectOutputTypeDef") -> str | None:
    kept = answer.get("ChecksumSHA256", "")
    # "…-3": a digest of the digests of three parts, which is not the file's.
    if not kept or "-" in kept or answer.get("ChecksumType") == "COMPOSITE":
        return None
    return base64.b64decode(kept).hex()
