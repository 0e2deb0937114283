"""Looking at one object: what lies there against what was read when it was handed over."""

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from wiazka.errors import ObjectMissing, StoreDenied, StoreError, StoreUnavailable
from wiazka.evidence import DAMAGE, Grade, Outcome, sha256_to_end
from wiazka.stores.base import ObjectInfo, Past, Store

_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """What one object is to be: ``path`` in the version, and the digest of its first read."""

    path: str
    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at one object showed, and how strong a look it was.

    ``observed`` is a digest, a size, or what the store said; ``bytes`` were read, in ``requests``.
    ``there`` is how many bytes it has, as far as was seen.
    """

    outcome: Outcome
    grade: Grade
    observed: str | None = None
    bytes: int = 0
    requests: int = 1
    there: int | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a bucket that keeps versions has under the key of a damaged object besides.

    ``latest`` is the version that was looked at, ``sound`` one before it whose bytes are right.
    """

    latest: str | None = None
    sound: Past | None = None
    note: str | None = None


Look = Callable[[Store, Expected], Seen]


def look_of(
    grade: Grade, listed: Mapping[str, ObjectInfo] | None = None, *, takes_digests: bool
) -> Look:
    """How an object is looked at for ``grade``; what it proves is in what was seen.

    ``listed`` is what a listing showed: it tells the sizes of all at once. ``takes_digests``: the
    store was seen to refuse bytes that are not of the digest it is given; from one that takes any,
    the digest it returns only repeats what was declared, so the bytes are read.
    """
    if grade is Grade.READ or (grade is Grade.STORED_DIGEST and not takes_digests):
        return _read
    if grade is Grade.STORED_DIGEST:
        return _stored_digest
    return _in(listed or {})


def confirmed(look: Look, store: Store, expected: Expected) -> Seen:
    """What looking shows; damage is believed when two looks on different connections show the same.

    A bit that flips on the wire, a proxy's stale answer or a listing that lags is not damage; nor
    is a connection that ended half way, which is worth another try.
    """
    first = look(store, expected)
    if first.outcome not in DAMAGE and first.outcome is not Outcome.THROTTLED:
        return first
    seen = [first]
    with store.anew() as fresh:
        while len(seen) < _LOOKS:
            again = _by_itself(look)(fresh, expected)
            alike = any(_is_same(again, one) for one in seen)
            seen.append(again)
            if alike or again.outcome not in DAMAGE:
                return _of_all(again, seen)
    told = "; ".join(f"{one.outcome}: {one.observed or expected.key}" for one in seen)
    last = replace(seen[-1], outcome=Outcome.UNREADABLE, observed=f"each look differs: {told}")
    return _of_all(last, seen)


def hidden(store: Store, expected: Expected) -> Hidden:
    """What of a damaged object the bucket still has under other version numbers."""
    try:
        latest, *earlier = store.history(expected.key)
        sound = _sound(store, expected, earlier)
    except (StoreError, ValueError):
        # None are kept, or these keys may not list them.
        return Hidden()
    if latest.is_marker:
        what = "a delete marker hides"
    elif earlier:
        what = f"version {latest.version_id} lies over"
    else:
        return Hidden(latest.version_id)
    kept = "it; no earlier one is right"
    if sound:
        kept = f"version {sound.version_id}, whose bytes are right"
    return Hidden(latest.version_id, sound, f"{what} {kept}")


def sound_past(store: Store, expected: Expected) -> Past | None:
    """The newest version before the latest whose bytes are right, as far as one may look.

    Raises StoreUnavailable when the store does not tell.
    """
    try:
        return _sound(store, expected, store.history(expected.key)[1:])
    except StoreUnavailable:
        raise
    except StoreError:
        return None


def _sound(store: Store, expected: Expected, earlier: Sequence[Past]) -> Past | None:
    return next((past for past in earlier if _is_right(store, expected, past)), None)


def _is_right(store: Store, expected: Expected, past: Past) -> bool:
    if past.is_marker or past.size != expected.size:
        return False
    try:
        with store.open_past(expected.key, past) as stream:
            return sha256_to_end(stream.read, expected.size) == (expected.size, expected.sha256)
    except StoreUnavailable:
        raise
    except StoreError:
        return False


def _is_same(one: Seen, other: Seen) -> bool:
    if one.outcome is not other.outcome:
        return False
    # A listing and a question for the object itself show the same in other words.
    return one.outcome is not Outcome.CHANGED or one.observed == other.observed


def _of_all(last: Seen, seen: list[Seen]) -> Seen:
    return replace(
        last,
        bytes=sum(one.bytes for one in seen),
        requests=sum(one.requests for one in seen),
    )


def _asked(look: Look, grade: Grade) -> Look:
    def asked(store: Store, expected: Expected) -> Seen:
        try:
            return look(store, expected)
        except ObjectMissing:
            return Seen(Outcome.MISSING, grade)
        except StoreError as error:
            return Seen(outcome_of(error), grade, error.message)

    return asked


def outcome_of(error: StoreError) -> Outcome:
    """What a store's error says of what was asked for."""
    if isinstance(error, StoreDenied):
        return Outcome.DENIED
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno == errno.EIO:
        # The disk answers, and cannot read this file.
        return Outcome.UNREADABLE
    return Outcome.THROTTLED if isinstance(error, StoreUnavailable) else Outcome.UNREADABLE


def _look_by_reading(store: Store, expected: Expected) -> Seen:
    size, digest = store.hashed(expected.key, expected.size)
    same = (size, digest) == (expected.size, expected.sha256)
    outcome = Outcome.OK if same else Outcome.CHANGED
    return Seen(outcome, Grade.READ, digest, size, there=size)


def _look_at_digest(store: Store, expected: Expected) -> Seen:
    info = store.head(expected.key)
    if info.sha256 is None:
        # Sent in parts: a CRC64NVME of the whole is of no digest that was taken at the first read.
        read = _look_by_reading(store, expected)
        return replace(read, requests=read.requests + 1)
    same = (info.size, info.sha256) == (expected.size, expected.sha256)
    outcome = Outcome.OK if same else Outcome.CHANGED
    return Seen(outcome, Grade.STORED_DIGEST, info.sha256, there=info.size)


def _look_at_size(store: Store, expected: Expected) -> Seen:
    return _of_size(expected, store.head(expected.key).size, requests=1)


_read = _asked(_look_by_reading, Grade.READ)
_stored_digest = _asked(_look_at_digest, Grade.STORED_DIGEST)
_size = _asked(_look_at_size, Grade.SIZE)


@dataclass(frozen=True, slots=True)
class _Listing:
    listed: Mapping[str, ObjectInfo]

    def __call__(self, store: Store, expected: Expected) -> Seen:  # noqa: ARG002
        info = self.listed.get(expected.key)
        if info is None:
            return Seen(Outcome.MISSING, Grade.SIZE, requests=0)
        return _of_size(expected, info.size, requests=0)


def _in(listed: Mapping[str, ObjectInfo]) -> Look:
    return _Listing(listed)


def _by_itself(look: Look) -> Look:
    """The look that asks for the object itself: a listing is not asked a second time."""
    return _size if isinstance(look, _Listing) else look


def _of_size(expected: Expected, size: int, *, requests: int) -> Seen:
    outcome = Outcome.OK if size == expected.size else Outcome.CHANGED
    return Seen(outcome, Grade.SIZE, str(size), requests=requests, there=size)
