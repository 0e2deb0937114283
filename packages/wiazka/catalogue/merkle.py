"""Merkle trees by RFC 6962: roots, and the proofs that an event is in one, and one in another."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

# The hash of a whole subtree: ``position`` counts those of one ``level`` from the left.
Node = Callable[[int, int], bytes]
EMPTY = sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """The hash of one event's line."""
    return sha256(b"\0" + data).digest()


def joined(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees as one."""
    return sha256(b"\1" + left + right).digest()


class Growing:
    """A tree that grows leaf by leaf; memory holds one hash a level."""

    def __init__(self) -> None:
        self.count = 0
        self._whole: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Add a leaf at the right."""
        count, whole = self.count, self._whole
        while count & 1:
            leaf_hash = joined(whole.pop(), leaf_hash)
            count >>= 1
        whole.append(leaf_hash)
        self.count += 1

    @property
    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._whole:
            return EMPTY
        *rest, root = self._whole
        for left in reversed(rest):
            root = joined(left, root)
        return root


def root(count: int, node: Node) -> bytes:
    """The root of the first ``count`` leaves (RFC 6962 2.1)."""
    return _over(0, count, node) if count else EMPTY


def inclusion(index: int, count: int, node: Node) -> tuple[bytes, ...]:
    """What proves that a leaf, counted from 0, is among the first ``count`` (2.1.1)."""

    def path(first: int, end: int) -> Iterator[bytes]:
        if end - first == 1:
            return
        middle = first + _split(end - first)
        if index < middle:
            yield from path(first, middle)
            yield _over(middle, end, node)
        else:
            yield from path(middle, end)
            yield _over(first, middle, node)

    return tuple(path(0, count))


def consistency(old: int, count: int, node: Node) -> tuple[bytes, ...]:
    """What proves that the first ``old`` leaves (at least one) begin those of ``count`` (2.1.2)."""

    def proof(first: int, end: int, *, known: bool) -> Iterator[bytes]:
        if end == old:
            if not known:
                yield _over(first, end, node)
            return
        middle = first + _split(end - first)
        if old <= middle:
            yield from proof(first, middle, known=known)
            yield _over(middle, end, node)
        else:
            yield from proof(middle, end, known=False)
            yield _over(first, middle, node)

    return tuple(proof(0, count, known=True))


def includes(
    leaf_hash: bytes, index: int, count: int, path: Sequence[bytes], root_hash: bytes
) -> bool:
    """Whether a proof of inclusion holds: RFC 9162 2.1.3.2, not the way that it was made."""
    if not 0 <= index < count:
        return False
    place, last, own = index, count - 1, leaf_hash
    for other in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            own = joined(other, own)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            own = joined(own, other)
        place, last = place >> 1, last >> 1
    return last == 0 and own == root_hash


def continues(
    old: int, old_root: bytes, count: int, root_hash: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a proof of consistency holds: RFC 9162 2.1.4.2, not the way that it was made."""
    if not 0 < old <= count:
        return False
    if old == count:
        return not path and old_root == root_hash
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, count - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            was, now = joined(other, was), joined(other, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = joined(now, other)
        place, last = place >> 1, last >> 1
    return last == 0 and was == old_root and now == root_hash


def _split(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _over(first: int, end: int, node: Node) -> bytes:
    count = end - first
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, first >> level)
    middle = first + _split(count)
    return joined(_over(first, middle, node), _over(middle, end, node))
