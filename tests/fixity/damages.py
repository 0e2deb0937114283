"""Every kind of damage: each does it, and says who is to be accused of it, and nobody else.

What is to be said follows from the bytes that were handed over, never from what wiazka computes.
"""

import hashlib
import json
from collections.abc import Callable

from tests.fixity.holding import SCAN, TEXT, Accused, Holding

Damage = Callable[[Holding], list[Accused]]
NOTE, GROWN = ("main/note", 1), ("main/grown", 2)
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"


def _of_note(outcome: str, *paths: str) -> list[Accused]:
    return [(outcome, *NOTE, path) for path in paths]


def a_flipped_bit(held: Holding) -> list[Accused]:
    data = bytearray(held.own(*NOTE)[SCAN])
    data[100] ^= 1
    held.tools.write(held.key(*NOTE, SCAN), bytes(data))
    return _of_note("changed", SCAN)


def truncation(held: Holding) -> list[Accused]:
    held.tools.write(held.key(*NOTE, SCAN), held.own(*NOTE)[SCAN][:-1])
    return _of_note("changed", SCAN)


def nothing_left_of_a_file(held: Holding) -> list[Accused]:
    held.tools.write(held.key(*NOTE, SCAN), b"")
    return _of_note("changed", SCAN)


def zeroes_instead(held: Holding) -> list[Accused]:
    held.tools.write(held.key(*NOTE, SCAN), bytes(len(held.own(*NOTE)[SCAN])))
    return _of_note("changed", SCAN)


def two_files_swapped(held: Holding) -> list[Accused]:
    verso = SCAN.replace("0001r", "0001v")
    held.tools.write(held.key(*NOTE, SCAN), held.own(*NOTE)[verso])
    held.tools.write(held.key(*NOTE, verso), held.own(*NOTE)[SCAN])
    return _of_note("changed", SCAN, verso)


def deletion(held: Holding) -> list[Accused]:
    held.tools.delete(held.key(*NOTE, SCAN))
    return _of_note("missing", SCAN)


def a_file_too_many(held: Holding) -> list[Accused]:
    held.tools.write(held.key(*NOTE, "data/objects/smuggled.txt"), b"x")
    return _of_note("extra", "data/objects/smuggled.txt")


def a_name_in_another_case(held: Holding) -> list[Accused]:
    upper = SCAN.replace("0001r", "0001R")
    held.tools.write(held.key(*NOTE, upper), held.own(*NOTE)[SCAN])
    held.tools.delete(held.key(*NOTE, SCAN))
    return [*_of_note("extra", upper), *_of_note("missing", SCAN)]


def all_manifests_rewritten_to_match(held: Holding) -> list[Accused]:
    """The bag is valid, and agrees with its storage manifest: only what was read first does not."""
    own = held.own(*NOTE)
    forged = {SCAN: own[SCAN].replace(b"recto", b"forge")}
    forged[MANIFEST] = _with(own[MANIFEST], own[SCAN], forged[SCAN])
    forged[TAGS] = _with(own[TAGS], own[MANIFEST], forged[MANIFEST])
    mark = held.tools.read(held.mark(*NOTE))
    for path, data in forged.items():
        mark = _with(mark, own[path], data)
        held.tools.write(held.key(*NOTE, path), data)
    held.tools.write(held.mark(*NOTE), mark)
    return _of_note("changed", SCAN, MANIFEST, TAGS, "../v1.json")


def _with(text: bytes, old: bytes, new: bytes) -> bytes:
    digests = [hashlib.sha256(data).hexdigest().encode() for data in (old, new)]
    assert digests[0] in text
    return text.replace(*digests)


def an_older_version_put_back(held: Holding) -> list[Accused]:
    """v2's own files become v1's: the corrected translation is the old one again."""
    older, newer = held.own("main/grown", 1), held.own(*GROWN)
    back = [path for path in newer if older.get(path, newer[path]) != newer[path]]
    assert TEXT in back
    for path in back:
        held.tools.write(held.key(*GROWN, path), older[path])
    return [("changed", *GROWN, path) for path in back]


def the_newest_version_taken_away(held: Holding) -> list[Accused]:
    """v1 then looks like the newest there is."""
    for path in held.own(*GROWN):
        held.tools.delete(held.key(*GROWN, path))
    held.tools.delete(held.mark(*GROWN))
    return [("missing", *GROWN, path) for path in (*held.own(*GROWN), "../v2.json")]


def the_newest_commit_mark_taken_away(held: Holding) -> list[Accused]:
    held.tools.delete(held.mark(*GROWN))
    return [("missing", *GROWN, "../v2.json")]


def changed_metadata(held: Holding) -> list[Accused]:
    path = "metadata/record.json"
    old = held.own(*NOTE)[path]
    new = old.replace(b"Notatka", b"Nowatka")
    assert new != old
    held.tools.write(held.key(*NOTE, path), new)
    return _of_note("changed", path)


def a_whole_bag_swapped_for_another(held: Holding) -> list[Accused]:
    mine, theirs = held.own(*NOTE), held.own("main/other", 1)
    for path in mine.keys() - theirs.keys():
        held.tools.delete(held.key(*NOTE, path))
    for path, data in theirs.items():
        held.tools.write(held.key(*NOTE, path), data)
    mark = json.loads(held.tools.read(held.mark("main/other", 1)))
    mark["identity"] = "main/note"
    held.tools.write(held.mark(*NOTE), json.dumps(mark).encode())
    differ = [path for path in mine.keys() & theirs.keys() if mine[path] != theirs[path]]
    assert MANIFEST in differ
    return [
        *_of_note("changed", "../v1.json", *differ),
        *_of_note("missing", *(mine.keys() - theirs.keys())),
        *_of_note("extra", *(theirs.keys() - mine.keys())),
    ]


def a_storage_manifest_deleted(held: Holding) -> list[Accused]:
    held.tools.delete(held.mark(*NOTE))
    return _of_note("missing", "../v1.json")


def a_storage_manifest_edited(held: Holding) -> list[Accused]:
    mark = held.tools.read(held.mark(*NOTE))
    held.tools.write(held.mark(*NOTE), mark.replace(b'"delivery": "delivery"', b'"delivery": "x"'))
    return _of_note("changed", "../v1.json")


def a_file_that_two_versions_share(held: Holding) -> list[Accused]:
    """v2 refers to v1's scan: both have lost it."""
    held.tools.delete(held.key("main/grown", 1, SCAN))
    return [("missing", "main/grown", number, SCAN) for number in (1, 2)]


def a_package_of_nobody(held: Holding) -> list[Accused]:
    for path, data in held.own(*NOTE).items():
        held.tools.write(held.key("main/foreign", 1, path), data)
    held.tools.write(held.mark("main/foreign", 1), held.tools.read(held.mark(*NOTE)))
    return [("extra", None, None, "packages/main/foreign/v1.json")]


def a_key_of_nobody(held: Holding) -> list[Accused]:
    held.tools.write("invoices/2026.pdf", b"%PDF")
    return [("extra", None, None, "invoices/2026.pdf")]


def objects_of_no_version(held: Holding) -> list[Accused]:
    held.tools.write("packages/main/note/README", b"x")
    return [("extra", None, None, "packages/main/note/README")]


DAMAGES: tuple[Damage, ...] = (
    a_flipped_bit,
    truncation,
    nothing_left_of_a_file,
    zeroes_instead,
    two_files_swapped,
    deletion,
    a_file_too_many,
    a_name_in_another_case,
    all_manifests_rewritten_to_match,
    an_older_version_put_back,
    the_newest_version_taken_away,
    the_newest_commit_mark_taken_away,
    changed_metadata,
    a_whole_bag_swapped_for_another,
    a_storage_manifest_deleted,
    a_storage_manifest_edited,
    a_file_that_two_versions_share,
    a_package_of_nobody,
    a_key_of_nobody,
    objects_of_no_version,
)
