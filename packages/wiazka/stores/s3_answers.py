"""What an S3 server's refusals mean; the codes differ from server to server more than the calls."""

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
    "NoSuchKey": ObjectMissing,
    "NoSuchBucket": StoreError,
    "NotImplemented": StoreError,
}
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


def hint_for(code: str, kind: type[StoreError], store: str) -> str:
    """What to do about such an answer of the store of that name."""
    if code == "NoSuchBucket":
        return f"Create the bucket, or set stores.{store}.bucket right in wiazka.toml."
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


def credential_variables(store: str) -> tuple[str, str]:
    """The environment variables that hold a store's access key id and its secret."""
    base = f"WIAZKA_STORE_{store.upper().replace('-', '_')}"
    return f"{base}_ACCESS_KEY_ID", f"{base}_SECRET_ACCESS_KEY"
