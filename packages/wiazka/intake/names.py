"""Names from outside are hostile, or at least from another operating system."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from wiazka import problem_kinds
from wiazka.phrase import Phrase, listed, say
from wiazka.problem_kinds import Problem
from wiazka.record.encoding import decode

# bagit 1.9.0 splits manifests at these and strips blanks at a name's ends, and other tools disagree
# on '%' (RFC 8493 2.1.3): a bag with such a name is valid for one reader and broken for another.
_BREAKS_MANIFESTS = frozenset("\u0085\u2028\u2029")
# They turn the rest of a line round: "exe.rtf" can be shown where "ftr.exe" is meant.
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_PART = 255
# Of Windows' 260 characters, what is left for a path when the bag lies in a folder of some name.
_LONGEST_ON_WINDOWS = 220
_ILLEGAL_ON_WINDOWS = frozenset('<>:"|?*')
_RESERVED_ON_WINDOWS = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.I)


def printable(name: str) -> str:
    """``name`` as it can be shown and written: bytes that are no UTF-8 become ``\\xNN``."""
    raw = name.encode("utf-8", "surrogateescape")
    shown = raw.decode("utf-8", "backslashreplace")
    return "".join(_shown(c) for c in shown)


def _shown(character: str) -> str:
    if unicodedata.category(character)[0] == "C" or character in _BREAKS_MANIFESTS:
        return character.encode("unicode_escape").decode("ascii")
    return character


def escaped(name: str) -> str:
    """``name`` written so that it can be had back: no two names are written alike.

    A byte that is no UTF-8 becomes ``\\xNN``, as a control character does; other characters that
    cannot be shown ``\\uNNNN``; a backslash is doubled.
    """
    return "".join(_escaped(character) for character in name)


def _escaped(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character)[0] == "C" or character in _BREAKS_MANIFESTS:
        if code < 0x80:
            return f"\\x{code:02x}"
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return character


def twin_key(name: str) -> str:
    """Equal for names that one file system or another holds as one and the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """The name that each file or folder of one folder is kept under: mostly its own.

    One that no bag holds safely gets another: readable, the same each time, unlike all others.
    """
    ordered = sorted(names)
    kept = {name: name for name in ordered if unsafe(name) is None}
    taken = {twin_key(name) for name in kept}
    for name in ordered:
        if name not in kept:
            kept[name] = _free(_safe(name), taken)
            taken.add(twin_key(kept[name]))
    return kept


def _safe(name: str) -> str:
    text = name
    if not _is_utf8(name):
        # What the bytes most likely say in the encodings of Polish; else they become '_'.
        decoded = decode(name.encode("utf-8", "surrogateescape"))
        text = decoded.text if decoded and "\0" not in decoded.text else name
    text = "".join("_" if _is_unsafe(c) or c == "/" else c for c in text).strip()
    return text if text.strip(".") else "_" * max(len(text), 1)


def _free(name: str, taken: set[str]) -> str:
    """The name, short enough, with a number where another file has it."""
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    number = 1
    while True:
        mark = "" if number == 1 else f"_{number}"
        room = _LONGEST_PART - len(f"{mark}{dot}{suffix}".encode())
        found = _cut(stem, room) + mark + dot + suffix
        if twin_key(found) not in taken:
            return found
        number += 1


def _cut(text: str, room: int) -> str:
    return (
        text.encode()[:room].decode(errors="ignore").rstrip() if len(text.encode()) > room else text
    )


def unsafe(name: str) -> Phrase | None:
    """What is wrong with a file's or folder's name, so that no bag can hold it as it is."""
    if not _is_utf8(name):
        return say("is not valid UTF-8")
    for character in name:
        if unicodedata.category(character) == "Cc" or character in _BREAKS_MANIFESTS:
            return say("has a line break or control character in it")
        if character in _TURNS_TEXT:
            return say("has characters in it that turn the direction of the text round")
        if character == "%":
            return say("has a percent sign in it")
        if character == "\\":
            return say("has a backslash in it")
        if _is_unsafe(character):
            return say("has a character in it that XML cannot hold")
    return say("begins or ends with a blank") if name != name.strip() else None


def _is_unsafe(character: str) -> bool:
    code = ord(character)
    return (
        character in "%\\"
        or unicodedata.category(character) in ("Cc", "Cs")
        or character in _BREAKS_MANIFESTS
        or character in _TURNS_TEXT
        or code & 0xFFFE == 0xFFFE
    )


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def changed_problem(path: str, name: str, safe: str) -> Problem:
    """That a file or folder is kept under another name; ``path`` leads to it, as delivered."""
    return problem_kinds.NAME_CHANGED.at(
        printable(path),
        say(
            "The name '{name}' {fault}, and not every program could read a package that has it. "
            "The file or folder is kept as '{safe}'; the record says what it was called.",
            name=printable(name),
            fault=unsafe(name) or "",
            safe=safe,
        ),
        say(
            "Nothing needs doing. If the new name is not right, rename it, for example to "
            "0001r.tif."
        ),
    )


def portability_problem(path: str, name: str) -> Problem | None:
    """What some systems cannot do with a name that is kept as it is, if anything."""
    fault = _not_portable(path, name)
    if fault is None:
        return None
    return problem_kinds.NAME_NOT_PORTABLE.at(
        path,
        say(
            "The name '{name}' {fault}; it is kept as it is, but such a file or folder cannot be "
            "restored on Windows.",
            name=name,
            fault=fault,
        ),
        say("Rename it if you can, for example to 0001r.tif."),
    )


def _not_portable(path: str, name: str) -> Phrase | None:
    if bad := sorted(set(name) & _ILLEGAL_ON_WINDOWS):
        return say("has {signs} in it", signs=" ".join(bad))
    if name.endswith("."):
        return say("ends with a dot")
    if _RESERVED_ON_WINDOWS.fullmatch(name.split(".", 1)[0].strip()):
        return say("is reserved for a device there")
    length = len(path.encode("utf-16-le")) // 2
    before = len(path[: -len(name)].encode("utf-16-le")) // 2
    # A folder's files are all too deep then: told once, of the first part that passes the limit.
    if length > _LONGEST_ON_WINDOWS >= before:
        return say("makes a path of {number} characters", number=length)
    return None


def twin_problems(names: Iterable[str]) -> list[Problem]:
    """A problem for each set of names that one file system would hold as one and the same file."""
    sets: dict[str, list[str]] = defaultdict(list)
    for name in names:
        sets[twin_key(name)].append(name)
    return [_twins(sorted(names)) for names in sets.values() if len(names) > 1]


def _twins(names: list[str]) -> Problem:
    composed = {unicodedata.normalize("NFC", name) for name in names}
    shown = listed(names)
    return problem_kinds.NAME_TWINS.at(
        names[0],
        say(
            "{names} look alike but encode their accents differently: many systems can keep only "
            "one of them.",
            names=shown,
        )
        if len(composed) == 1
        else say(
            "{names} differ only in capital letters: many systems can keep only one of them.",
            names=shown,
        ),
        say(
            "Rename one of them so that the names differ, for example 0001r.tif and 0001r_b.tif; "
            "if they are the same, remove one."
        ),
    )
