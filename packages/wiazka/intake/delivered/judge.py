"""A delivered bag judged whole: by RFC 8493, and by the digests of the files as they were read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from wiazka import problem_kinds
from wiazka.evidence import sha256
from wiazka.intake.checksums import Declared
from wiazka.intake.delivered import told
from wiazka.intake.delivered.outcome import BAG_INFO, checks, said
from wiazka.intake.delivered.tagfiles import (
    ALGORITHMS,
    Manifest,
    coded,
    declaration_problem,
    manifest_named,
    read_fetch,
    read_info,
    read_manifest,
)
from wiazka.intake.model import SourceFile
from wiazka.intake.names import printable
from wiazka.intake.tree import Tree
from wiazka.intake.verified import differs
from wiazka.problem_kinds import Problem
from wiazka.record.model import Check
from wiazka.record.said import Said
from wiazka.record.text import nfc


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with a bag, what was found right, and what its bag-info.txt says.

    ``verified`` counts the digests, of all manifests, that are those of the files as read.
    """

    verified: int = 0
    problems: tuple[Problem, ...] = ()
    checks: tuple[Check, ...] = ()
    said: Said | None = None


@dataclass(slots=True)
class _Bag:
    """A bag under judgement: the names of what lies in it, and of what is told of elsewhere.

    All names are those on disk, which a manifest's are compared with; ``files`` know those that
    they are kept under.
    """

    tree: Tree
    files: Mapping[str, SourceFile]
    sizes: Mapping[str, int]
    told: frozenset[str]
    by_nfc: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    named: dict[str, dict[str, str]] = field(default_factory=dict)

    def name(self, manifest: Manifest) -> None:
        """Find the file that each line means: one of that name, or one written in another way."""
        found = {line.path: self._meant(line.path) for line in manifest.lines}
        self.named[manifest.name] = {path: name for path, name in found.items() if name}

    def _meant(self, path: str) -> str | None:
        if path in self.sizes:
            return path
        # Many programs code no '%': a file may be named as the line was before it was decoded.
        if (written := coded(path)) in self.sizes:
            return written
        for candidate in (path, path.removeprefix("*"), path.removeprefix("*").removeprefix("./")):
            if found := candidate if candidate in self.sizes else self.by_nfc.get(nfc(candidate)):
                return found
        return None


def judge(tree: Tree, files: Iterable[SourceFile]) -> Judged:
    """Judge the bag in a folder that was walked; ``files`` are those of it that could be read.

    Missing, unlisted and differing files are told apart, all at once; what the walk itself has
    told of, or left out, is not told of again.
    """
    names = {found.name: found.on_disk or found.name for found in tree.files}
    sizes = {names[found.name]: found.status.st_size for found in tree.files}
    bag = _Bag(
        tree,
        {names[file.name]: file for file in files},
        sizes,
        _told_by_walk(tree),
        {nfc(name): name for name in sizes},
    )
    if fault := declaration_problem(_data(bag, "bagit.txt")):
        bag.problems.append(fault)
    manifests = [*_manifests(bag)]
    payload = [one for one in manifests if not one.tags]
    tags = [one for one in manifests if one.tags]
    if not payload:
        bag.problems.append(told.no_manifest())
    for one in manifests:
        bag.name(one)
    listed = {name: set(meant.values()) for name, meant in bag.named.items()}
    _missing(bag, manifests)
    _unlisted_payload(bag, payload, listed)
    bag.problems += _unlisted_tags(bag, payload, tags, listed)
    verified = sum(_verified(bag, one) for one in manifests)
    info = _info(bag)
    for name, meant in bag.named.items():
        if otherwise := [path for path, found in meant.items() if found not in (path, coded(path))]:
            bag.problems.append(told.written_otherwise(name, otherwise))
    failed = any(one.severity is problem_kinds.Severity.ERROR for one in bag.problems)
    events = checks(manifests, sizes, verified, failed=failed)
    return Judged(verified, tuple(bag.problems), events, said(info))


def _told_by_walk(tree: Tree) -> frozenset[str]:
    """What the walk did not take. A file that it only warns of, or calls otherwise, it took."""
    kept = {printable(found.on_disk or found.name) for found in tree.files}
    refused = {
        one.path for one in tree.problems if one.severity is not problem_kinds.Severity.WARNING
    }
    return frozenset((refused | {left.name for left in tree.left_out}) - kept)


def _data(bag: _Bag, name: str) -> bytes:
    """The bytes of a tag file; a changed one is told of, and stays as it was when first read."""
    file = bag.files.get(name)
    if file is None:
        return b""
    try:
        data = file.path.read_bytes()
    except OSError:
        data = b""
    if sha256(data) != file.sha256:
        bag.problems.append(told.changed(name))
    return data


def _manifests(bag: _Bag) -> Iterator[Manifest]:
    for found in bag.tree.files:
        manifest = manifest_named(found.name)
        if manifest is None:
            continue
        if manifest.algorithm not in ALGORITHMS:
            bag.problems.append(told.unknown_algorithm(manifest))
            continue
        lines, problems = read_manifest(manifest, _data(bag, found.name))
        bag.problems += problems
        yield replace(manifest, lines=tuple(lines))


def _missing(bag: _Bag, manifests: Iterable[Manifest]) -> None:
    """Files that are listed and not there, those that fetch.txt tells of apart."""
    fetched: set[str] = set()
    if "fetch.txt" in bag.sizes:
        paths, problems = read_fetch(_data(bag, "fetch.txt"))
        bag.problems += problems
        fetched = {path for path in paths if path not in bag.sizes}
    missing: dict[str, list[str]] = defaultdict(list)
    for manifest in manifests:
        for line in manifest.lines:
            there = line.path in bag.named[manifest.name]
            if not there and not _told(bag, line.path):
                missing[line.path].append(manifest.name)
    by_case = {nfc(name).casefold(): name for name in bag.sizes}
    for path, names in missing.items():
        if path not in fetched:
            near = by_case.get(nfc(path).casefold())
            bag.problems.append(told.missing(printable(path), names, near))
    bag.problems += [told.not_fetched(printable(path)) for path in sorted(fetched)]


def _told(bag: _Bag, path: str) -> bool:
    """Whether the walk has told of a file, or of a folder that it lies in, such as __MACOSX."""
    parts = printable(path).split("/")
    return any("/".join(parts[:length]) in bag.told for length in range(1, len(parts) + 1))


def _unlisted_payload(
    bag: _Bag, payload: Iterable[Manifest], listed: Mapping[str, set[str]]
) -> None:
    """Every payload manifest lists every payload file (RFC 8493 3)."""
    files = {name for name in bag.sizes if name.startswith("data/")}
    lacking: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for manifest in payload:
        if not manifest.lines and any(one.path == manifest.name for one in bag.problems):
            continue  # It could not be read, and is told of.
        if left := files - listed[manifest.name]:
            lacking[tuple(sorted(left))].append(manifest.name)
    bag.problems += [told.unlisted(names, left) for left, names in lacking.items()]


def _unlisted_tags(
    bag: _Bag,
    payload: Iterable[Manifest],
    tags: Iterable[Manifest],
    listed: Mapping[str, set[str]],
) -> Iterator[Problem]:
    """Each tag manifest lists all payload manifests and, at best, the other tag files (2.2.1)."""
    payload, tags = list(payload), list(tags)
    names = {one.name for one in payload}
    files = {
        name
        for name in bag.sizes
        if not name.startswith("data/") and not ((one := manifest_named(name)) and one.tags)
    }
    if not tags:
        yield told.no_tag_manifest()
        return
    for manifest in tags:
        left = files - listed[manifest.name]
        if lacking := sorted(left & names):
            yield told.tag_manifest(manifest.name, lacking)
        if others := sorted(left - names):
            yield told.tag_unlisted(manifest.name, others)
    known = {one.algorithm for one in tags}
    if lacking := [one.name for one in payload if one.algorithm not in known]:
        yield told.tag_manifest_lacking(lacking)


def _verified(bag: _Bag, manifest: Manifest) -> int:
    """How many digests of a manifest are those of the files as they were read."""
    held = 0
    for line in manifest.lines:
        name = bag.named[manifest.name].get(line.path)
        if name is None or name not in bag.files:
            continue
        found = bag.files[name].digests[manifest.algorithm]
        if found == line.digest:
            held += 1
        else:
            said = (manifest.algorithm, line.digest, manifest.name, line.number)
            kept = bag.files[name].name
            bag.problems.append(differs(kept, Declared((name,), *said), found))
    return held


def _info(bag: _Bag) -> list[tuple[str, str]]:
    if BAG_INFO not in bag.sizes:
        return []
    info, problems = read_info(_data(bag, BAG_INFO))
    bag.problems += problems
    for label, value in info:
        if label.casefold() == "payload-oxum":
            payload = [size for name, size in bag.sizes.items() if name.startswith("data/")]
            found = f"{sum(payload)}.{len(payload)}"
            # Left-out files count for the bag's maker, and are not read here.
            if value != found and not any(name.startswith("data/") for name in bag.told):
                bag.problems.append(told.oxum(value, found))
    return info
