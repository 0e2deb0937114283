"""The proof, right after a put, that a store holds exactly what was read."""

from wiazka.errors import BytesRefused
from wiazka.evidence import Grade, chunks, digests_of
from wiazka.stores.base import Answer, Content, ObjectInfo, Store


def attest(store: Store, key: str, size: int, sha256: str) -> Grade:
    """The grade at which ``store`` was proved to hold ``size`` bytes of ``sha256`` under ``key``.

    A store that was seen to refuse wrong bytes and to return a digest is asked for the one it kept
    (``stored-digest``); from any other every byte is read back (``read``). Raises BytesRefused when
    it holds something else, ObjectMissing when it holds nothing, LockNotKept when it would let it
    be removed, and the store's other errors.
    """
    seen, info = store.capabilities(), store.head(key)
    store.require_lock(info)
    if seen.refuses_wrong_bytes and seen.returns_digest and info.sha256 is not None:
        _compare(store, key, (size, sha256), (info.size, info.sha256))
        return Grade.STORED_DIGEST
    crc = store.crc64nvme_of(sha256)
    if seen.whole_crc and crc is not None and info.crc64nvme is not None:
        # Taken of the very bytes whose SHA-256 was seen to be right, as they were sent in parts.
        _compare(store, key, (size, crc), (info.size, info.crc64nvme), "CRC64NVME")
        return Grade.STORED_DIGEST
    with store.open(key) as stream:
        found_size, digests = digests_of(chunks(stream), ["sha256"])
    _compare(store, key, (size, sha256), (found_size, digests["sha256"]))
    return Grade.READ


def is_told(store: Store, answer: Answer, listed: ObjectInfo | None, expected: Content) -> bool:
    """Whether what was put is proved as by ``attest`` without asking for each object.

    The store answered the put with the digest of what arrived, and the listing afterwards shows
    that very object: its tag is the one of that answer. To ask for 20,000 small files one by one
    would take as long as sending them.
    """
    seen = store.capabilities()
    return (
        seen.refuses_wrong_bytes
        and seen.returns_digest
        and listed is not None
        and answer.etag is not None
        and (answer.etag, expected.size) == (listed.etag, listed.size)
        and answer.sha256 == expected.sha256
    )


def _compare(
    store: Store,
    key: str,
    expected: tuple[int, str],
    observed: tuple[int, str],
    algorithm: str = "SHA-256",
) -> None:
    if expected != observed:
        raise BytesRefused(
            f"Store {store.name!r} ({store.place}), key {key!r}: expected {expected[0]} bytes with "
            f"{algorithm} {expected[1]}, observed {observed[0]} bytes with {observed[1]}.",
            "The copy does not count as stored. Look at the store's disks; then ingest again.",
        )
