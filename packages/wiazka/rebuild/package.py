"""One package of a store: each version's manifest, each object, and each of them the other's."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

from wiazka.errors import ObjectMissing, StoreDenied, StoreError
from wiazka.evidence import chunks, digests_of
from wiazka.ledger.manifests import read_manifest
from wiazka.stores.base import ObjectInfo, Store
from wiazka.stores.layout import (
    PACKAGES,
    TOMBSTONE,
    StorageManifest,
    file_key,
    manifest_key,
    version_prefix,
)

_AT_ONCE = 8
_INSIDE = re.compile(r"v([1-9]\d*)(\.json|/.+)", re.DOTALL)
_PAYLOAD = "data/"
_MANIFEST = "manifest-sha256.txt"


class Kind(StrEnum):
    """What can be wrong with a store, the gravest first."""

    MARKER = "marker"
    MANIFEST = "manifest"
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    DISAGREE = "disagree"
    LEDGER = "ledger"
    UNCOMMITTED = "uncommitted"
    EXTRA = "extra"
    TWIN = "twin"


# The kind, the key and a sentence.
Say = Callable[[Kind, str, str], None]


class PackageCheck:
    """The look at one package; ``infos`` are all objects under its prefix."""

    def __init__(
        self,
        store: Store,
        identity: str,
        infos: list[ObjectInfo],
        say: Say,
        count: Counter[str],
    ) -> None:
        self._store = store
        self._identity = identity
        self._sizes = {info.key: info.size for info in infos}
        self._say = say
        self._count = count
        # Each key that a manifest names, with the sizes and digests that are said of it.
        self._expected: dict[str, set[tuple[int, str]]] = defaultdict(set)

    def look(self, *, reading: bool) -> None:
        """Say all that is wrong with it."""
        marks = {manifest_key(self._identity, number): number for number in self._numbers()}
        manifests = [m for key in marks if key in self._sizes if (m := self._manifest(key))]
        for manifest in manifests:
            self._files(manifest)
        self._beside({m.version for m in manifests}, marks)
        self._twins()
        if reading:
            self._read()
            for manifest in manifests:
                self._bag_manifest(manifest)

    def _numbers(self) -> list[int]:
        found = (_INSIDE.fullmatch(self._inside(key)) for key in self._sizes)
        return sorted({int(match[1]) for match in found if match})

    def _inside(self, key: str) -> str:
        return key.removeprefix(f"{PACKAGES}{self._identity}/")

    def _manifest(self, key: str) -> StorageManifest | None:
        self._count["versions"] += 1
        try:
            return read_manifest(self._store, key)
        except StoreError as error:
            _raise_if_away(error)
            self._say(Kind.MANIFEST, key, error.message)
            return None

    def _files(self, manifest: StorageManifest) -> None:
        named = f"v{manifest.version}.json"
        for file in manifest.files:
            key = file_key(manifest.identity, manifest.version, file)
            self._expected[key].add((file.size, file.sha256))
            size = self._sizes.get(key)
            if size is None:
                how = "refers to it" if file.version else "names it"
                self._say(Kind.MISSING, key, f"It is not there; {named} {how}.")
            elif size != file.size:
                told = f"It has {size} bytes; {named} says {file.size}."
                self._say(Kind.CHANGED, key, told)

    def _beside(self, whole: set[int], marks: dict[str, int]) -> None:
        left: Counter[int] = Counter()
        for key, size in self._sizes.items():
            match = _INSIDE.fullmatch(self._inside(key))
            if key in self._expected or key in marks:
                continue
            number = int(match[1]) if match else 0
            prefix = version_prefix(self._identity, number)
            if match and key == prefix + TOMBSTONE and number not in whole:
                continue
            if match and manifest_key(self._identity, number) not in self._sizes:
                left[number] += 1
            elif number in whole or not match:
                self._say(Kind.EXTRA, key, f"No manifest names it ({size} bytes).")
        for number, objects in sorted(left.items()):
            self._say(
                Kind.UNCOMMITTED,
                version_prefix(self._identity, number),
                f"{objects} objects of a push that never ended; without v{number}.json they are of "
                "no version.",
            )

    def _twins(self) -> None:
        alike: dict[str, list[str]] = defaultdict(list)
        for key in self._sizes:
            alike[unicodedata.normalize("NFC", key).casefold()].append(key)
        for first, *others in alike.values():
            for other in others:
                told = f"It differs from {first!r} only by case or by how accents are written."
                self._say(Kind.TWIN, other, told)

    def _read(self) -> None:
        keys = [key for key in self._expected if key in self._sizes]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for key, seen in zip(keys, pool.map(self._digest, keys), strict=True):
                if isinstance(seen, StoreError):
                    self._say(Kind.UNREADABLE, key, seen.message)
                    continue
                self._count["read"] += seen[0]
                for size, sha256 in self._expected[key] - {seen}:
                    # A wrong size was told of already.
                    if size == self._sizes[key]:
                        told = f"SHA-256 is {seen[1]}, should be {sha256}."
                        self._say(Kind.CHANGED, key, told)

    def _digest(self, key: str) -> tuple[int, str] | StoreError:
        try:
            seen = self._hashed(key)
            if seen not in self._expected[key]:
                # A flipped bit on the wire is not damage: only what is seen twice is told.
                seen = self._hashed(key)
        except StoreError as error:
            _raise_if_away(error)
            return error
        return seen

    def _hashed(self, key: str) -> tuple[int, str]:
        with self._store.open(key) as stream:
            size, digests = digests_of(chunks(stream), ["sha256"])
        return size, digests["sha256"]

    def _bag_manifest(self, manifest: StorageManifest) -> None:
        """The bag's own manifest against ours: a person with sha256sum goes by the first."""
        files = {file.path: file for file in manifest.files}
        if _MANIFEST not in files:
            return
        own = files[_MANIFEST]
        key = file_key(manifest.identity, manifest.version, own)
        try:
            with self._store.open(key) as stream:
                text = b"".join(chunks(stream)).decode("utf-8", "replace")
        except ObjectMissing:
            return
        told = dict(map(_line, text.removesuffix("\n").split("\n"))) if text else {}
        ours = {p: f.sha256 for p, f in files.items() if p.startswith(_PAYLOAD)}
        for path in sorted(told.keys() | ours.keys()):
            if told.get(path) != ours.get(path):
                self._say(
                    Kind.DISAGREE,
                    key,
                    f"{path}: SHA-256 {told.get(path, 'is not told')} here, "
                    f"{ours.get(path, 'is not told')} in v{manifest.version}.json.",
                )


def _line(line: str) -> tuple[str, str]:
    digest, _, path = line.partition("  ")
    for code, letter in (("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        path = path.replace(code, letter)
    return path, digest


def _raise_if_away(error: StoreError) -> None:
    if error.transient or isinstance(error, StoreDenied):
        raise error
