"""What an S3 server's refusals mean; the codes differ from server to server more than the calls."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ResponseStreamingError,
)
from botocore.exceptions import ConnectionError as NoConnection

from wiazka.errors import (
    BytesRefused,
    ObjectExists,
    ObjectMissing,
    StoreDenied,
    StoreError,
    StoreFull,
    StoreUnavailable,
)

_BY_CODE: dict[str, type[StoreError]] = {
    "QuotaExceeded": StoreFull,
    "EntityTooLarge": StoreFull,
    "InsufficientStorage": StoreFull,
    "XMinioStorageFull": StoreFull,
    "XMinioAdminBucketQuotaExceeded": StoreFull,
    "BadDigest": BytesRefused,
    "InvalidDigest": BytesRefused,
    "XAmzContentSHA256Mismatch": BytesRefused,
    "XAmzContentChecksumMismatch": BytesRefused,
    "SlowDown": StoreUnavailable,
    "Throttling": StoreUnavailable,
    "TooManyRequests": StoreUnavailable,
    "RequestTimeout": StoreUnavailable,
    # AWS: another request for the same key is under way; tried again, it says how that ended.
    "ConditionalRequestConflict": StoreUnavailable,
    "OperationAborted": StoreUnavailable,
    "NoSuchKey": ObjectMissing,
    "NoSuchBucket": StoreError,
    "NotImplemented": StoreError,
}
# What urllib3 and botocore call what happened, as a person would.
_UNANSWERED = {
    "NewConnectionError": "nothing listens there",
    "NameResolutionError": "no such host",
    "SSLError": "no valid certificate",
    "ConnectTimeoutError": "no connection in time",
    "ReadTimeoutError": "silent for too long",
}
_ELSEWHERE = {"PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "301"}
_BY_STATUS: dict[int, type[StoreError]] = {
    401: StoreDenied,
    403: StoreDenied,
    404: ObjectMissing,
    409: ObjectExists,
    412: ObjectExists,
    413: StoreFull,
    429: StoreUnavailable,
    507: StoreFull,
}


def kind_of(code: str, status: int) -> type[StoreError]:
    """The kind of error that an S3 error code and HTTP status stand for."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return StoreUnavailable if status >= 500 else StoreError


@contextmanager
def explained(store: str, place: str, key: str) -> Iterator[None]:
    """Raise what boto3 and the wire raise as the store's errors, which name it and the key."""
    where = f"Store {store!r} ({place}), key {key!r}"
    try:
        yield
    except ClientError as error:
        code, status = code_of(error), status_of(error)
        kind = kind_of(code, status)
        # An answer to HEAD has no body: its code is then the status once more.
        answer = " ".join(dict.fromkeys((str(status), code)))
        raise kind(f"{where}: the store answered {answer}.", hint_for(code, kind, store)) from error
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise StoreDenied(
            f"{where}: there are no credentials.", hint_for("", StoreDenied, store)
        ) from error
    except (NoConnection, HTTPClientError, ResponseStreamingError, IncompleteReadError) as error:
        # The class, not the text: a proxy's URL in it may hold a password.
        told = type(error.kwargs.get("error", error)).__name__
        why = _UNANSWERED.get(told, told)
        raise StoreUnavailable(
            f"{where}: no answer ({why}).", hint_for(told, StoreUnavailable, store)
        ) from error
    except BotoCoreError as error:
        raise StoreError(f"{where}: {error}", hint_for("", StoreError, store)) from error


def code_of(error: ClientError) -> str:
    """The code of an answer; the status where it has none."""
    return error.response["Error"].get("Code", "")


def status_of(error: ClientError) -> int:
    """The HTTP status of an answer."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


def hint_for(code: str, kind: type[StoreError], store: str) -> str:
    """What to do about such an answer of the store of that name."""
    if code == "NoSuchBucket":
        return f"Create the bucket, or set stores.{store}.bucket right in wiazka.toml."
    if code in _ELSEWHERE:
        return f"Set stores.{store}.region in wiazka.toml to the region that the bucket is in."
    if code == "SSLError":
        return "Check the server's certificate; $AWS_CA_BUNDLE names the file of who signed it."
    if code in {"NewConnectionError", "NameResolutionError"}:
        return (
            f"See that it runs and that stores.{store}.endpoint in wiazka.toml is right; then run "
            "again. Nothing is lost."
        )
    if code == "RequestTimeTooSkewed":
        return "Set this machine's clock right (timedatectl); S3 allows 15 minutes."
    key_id, secret = credential_variables(store)
    return {
        StoreDenied: f"Check ${key_id} and ${secret}, and what that key may do "
        "(docs/stores.md, least privilege).",
        StoreFull: "Raise the bucket's quota or the server's space; then run again.",
        StoreUnavailable: "Nothing is lost: run again later. wiazka doctor shows when it answers.",
        ObjectMissing: f"Look at it with: wiazka audit --store {store}",
        ObjectExists: "Nothing was overwritten. Compare it with what was to be stored: "
        "wiazka audit",
        BytesRefused: "Nothing was stored. Run again; if it stays, look at the network and memory.",
    }.get(kind, "wiazka doctor shows what this store can do; docs/stores.md what it needs.")


def exists(store: str, place: str, key: str) -> ObjectExists:
    """That a key is taken."""
    message = f"Store {store!r} ({place}) already has an object under {key!r}."
    return ObjectExists(message, hint_for("", ObjectExists, store))


def refused(store: str, place: str, key: str, size: int, sha256: str) -> BytesRefused:
    """That what arrived, or would, is not what was declared."""
    return BytesRefused(
        f"Store {store!r} ({place}), key {key!r}: what was to be stored is not the {size} bytes "
        f"with SHA-256 {sha256} that were declared.",
        hint_for("", BytesRefused, store),
    )


def credential_variables(store: str) -> tuple[str, str]:
    """The environment variables that hold a store's access key id and its secret."""
    base = f"WIAZKA_STORE_{store.upper().replace('-', '_')}"
    return f"{base}_ACCESS_KEY_ID", f"{base}_SECRET_ACCESS_KEY"


def knows_no_conditions(error: StoreError) -> bool:
    """Whether a put was refused since the server has no puts on a condition."""
    cause = error.__cause__
    return isinstance(cause, ClientError) and status_of(cause) == 501
