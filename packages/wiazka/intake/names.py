"""Names from outside are hostile, or at least from another operating system."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from wiazka import errors
from wiazka.errors import Problem

# bagit 1.9.0 splits manifests at these and strips blanks at a name's ends, and other tools disagree
# on '%' (RFC 8493 2.1.3): a bag with such a name is valid for one reader and broken for another.
_BREAKS_MANIFESTS = frozenset("\u0085\u2028\u2029")


def printable(name: str) -> str:
    """``name`` as it can be shown and written: bytes that are no UTF-8 become ``\\xNN``."""
    raw = name.encode("utf-8", "surrogateescape")
    shown = raw.decode("utf-8", "backslashreplace")
    return "".join(_shown(c) for c in shown)


def _shown(character: str) -> str:
    if unicodedata.category(character)[0] == "C" or character in _BREAKS_MANIFESTS:
        return character.encode("unicode_escape").decode("ascii")
    return character


def name_problem(name: str) -> Problem | None:
    """What keeps a file of this relative name from being kept as delivered, if anything."""
    shown = printable(name)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return errors.NAME_NOT_UTF8.at(
            shown,
            f"The name of '{shown}' is not valid UTF-8; it was made on a system with another "
            "encoding.",
            "Rename the file with plain letters, for example 0001r.tif.",
        )
    fault = _fault(name)
    if fault is None:
        return None
    return errors.NAME_UNSAFE.at(
        shown,
        f"The name '{shown}' {fault}, so no bag can hold it safely.",
        "Rename the file, for example to 0001r.tif.",
    )


def _fault(name: str) -> str | None:
    if any(unicodedata.category(c) == "Cc" or c in _BREAKS_MANIFESTS for c in name):
        return "has a line break or control character in it"
    if "%" in name:
        return "has a percent sign in it"
    if "\\" in name:
        return "has a backslash in it"
    parts = name.split("/")
    if ".." in parts or "." in parts or "" in parts:
        return "has '..' or an empty part in it"
    if any(part != part.strip() for part in parts):
        return "begins or ends with a blank"
    return None


def twin_problems(names: Iterable[str]) -> list[Problem]:
    """A problem for each set of names that one file system would hold as one and the same file."""
    sets: dict[str, list[str]] = defaultdict(list)
    for name in names:
        sets[unicodedata.normalize("NFC", name).casefold()].append(name)
    return [_twins(sorted(names)) for names in sets.values() if len(names) > 1]


def _twins(names: list[str]) -> Problem:
    shown = " and ".join(f"'{name}'" for name in names)
    composed = {unicodedata.normalize("NFC", name) for name in names}
    difference = (
        "look alike but encode their accents differently"
        if len(composed) == 1
        else "differ only in capital letters"
    )
    return errors.NAME_TWINS.at(
        names[0],
        f"{shown} {difference}: many systems can keep only one of them.",
        "Rename one of them so that the names differ, for example 0001r.tif and 0001r_b.tif.",
    )
