"""What operating systems, editors and wiazka itself leave in a folder; never part of a document."""

import re

READY = "_READY"
PROBLEMS = "_PROBLEMS.txt"
PROBLEMS_PAGE = "_PROBLEMS.html"
OWN_NAMES = frozenset({READY, PROBLEMS, PROBLEMS_PAGE})

_SYSTEM = {
    "thumbs.db": "Windows' picture cache",
    "desktop.ini": "Windows' folder settings",
    ".ds_store": "the Mac's folder settings",
    "icon\r": "the Mac's folder icon",
    ".sync": "a synchronising program's notes",
    "$recycle.bin": "Windows' recycle bin",
    "__macosx": "the Mac's archive extras",
}
_PATTERNS = (
    (re.compile(r"^\._"), "the Mac's shadow of another file"),
    (re.compile(r"^~wrl.*\.tmp$", re.I), "Word's temporary file"),
    (re.compile(r"\.te?mp$", re.I), "a temporary file"),
)
_LOCKS = (re.compile(r"^~\$"), re.compile(r"^\.~lock\..*#$"))
_UNFINISHED = re.compile(r"\.(part|crdownload|partial|filepart)$", re.I)


def junk_reason(name: str) -> str | None:
    """Why a file or folder of this name is left out, in words; None for one that is taken."""
    if reason := _SYSTEM.get(name.casefold()):
        return reason
    return next((reason for pattern, reason in _PATTERNS if pattern.search(name)), None)


def is_lock(name: str) -> bool:
    """Whether the name is that of a lock file: somebody has the document open."""
    return any(pattern.search(name) for pattern in _LOCKS)


def is_unfinished(name: str) -> bool:
    """Whether the name is that of a download or copy that has not ended."""
    return _UNFINISHED.search(name) is not None
