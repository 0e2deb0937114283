"""What operating systems, editors and wiazka itself leave in a folder; never part of a document."""

import re

from wiazka.phrase import Phrase, say

READY = "_READY"
PROBLEMS = "_PROBLEMS.txt"
PROBLEMS_PAGE = "_PROBLEMS.html"
OWN_NAMES = frozenset({READY, PROBLEMS, PROBLEMS_PAGE})

_THUMBNAILS = say("a picture viewer's cache")
_MAC = say("the Mac's notes on the folder or disk")
_SYNC = say("a synchronising program's notes")
_BIN = say("a recycle bin")
_SYSTEM = {
    "thumbs.db": say("Windows' picture cache"),
    "ehthumbs.db": say("Windows' picture cache"),
    "ehthumbs_vista.db": say("Windows' picture cache"),
    "desktop.ini": say("Windows' folder settings"),
    "system volume information": say("Windows' notes on the disk"),
    "$recycle.bin": _BIN,
    "recycler": _BIN,
    ".trashes": _BIN,
    ".trash": _BIN,
    "#recycle": _BIN,
    ".ds_store": say("the Mac's folder settings"),
    "icon\r": say("the Mac's folder icon"),
    "__macosx": say("the Mac's archive extras"),
    ".localized": _MAC,
    ".spotlight-v100": _MAC,
    ".fseventsd": _MAC,
    ".temporaryitems": _MAC,
    ".documentrevisions-v100": _MAC,
    ".volumeicon.icns": _MAC,
    ".apdisk": _MAC,
    ".appledouble": _MAC,
    ".appledb": _MAC,
    "@eadir": say("a Synology disk's cache"),
    ".sync": _SYNC,
    ".stfolder": _SYNC,
    ".stversions": _SYNC,
    ".dropbox": _SYNC,
    ".dropbox.attr": _SYNC,
    ".dropbox.cache": _SYNC,
    ".owncloudsync.log": _SYNC,
    ".nextcloudsync.log": _SYNC,
    ".directory": say("the KDE desktop's folder settings"),
    ".gitkeep": say("a mark that keeps an empty folder"),
    "lost+found": say("a repaired disk's leftovers"),
    ".picasa.ini": _THUMBNAILS,
    "picasa.ini": _THUMBNAILS,
    ".bridgesort": _THUMBNAILS,
    ".bridgecache": _THUMBNAILS,
    "zbthumbnail.info": _THUMBNAILS,
}
_PATTERNS = (
    (re.compile(r"^\._"), say("the Mac's shadow of another file")),
    (re.compile(r"^\.trash-\d+$", re.I), _BIN),
    (re.compile(r"^\.(_sync_|sync_)[0-9a-f]+\.db(-wal|-shm)?$"), _SYNC),
    (re.compile(r"^~wrl.*\.tmp$", re.I), say("Word's temporary file")),
    (re.compile(r"\.te?mp$", re.I), say("a temporary file")),
)
# Word and LibreOffice; vim; NFS and FUSE keep a file that was deleted while a program has it open.
_LOCKS = re.compile(
    r"^~\$|^\.~lock\..*#$|^\..+\.sw[a-p]$|^\.nfs[0-9a-f]{16,}$|^\.fuse_hidden[0-9a-f]{10,}$"
)
_UNFINISHED = re.compile(
    r"\.(part|crdownload|partial|filepart|opdownload|aria2)$"
    r"|^\.syncthing\..*\.tmp$|^~syncthing~.*\.tmp$"
    # rsync: ".0001r.tif.Xk2p9A" while it copies, and the folders of its options.
    r"|^\..+\.[a-z0-9]{2,4}\.(?-i:(?![a-z]+$)[A-Za-z0-9]{6})$|^\.rsync-partial$|^\.~tmp~$",
    re.I,
)
# iCloud writes ".0001r.tif.icloud" for a file whose bytes are elsewhere.
_STAND_IN = re.compile(r"^\..+\.icloud$", re.I)


def junk_reason(name: str) -> Phrase | None:
    """Why a file or folder of this name is left out, in words; None for one that is taken."""
    if reason := _SYSTEM.get(name.casefold()):
        return reason
    return next((reason for pattern, reason in _PATTERNS if pattern.search(name)), None)


def is_lock(name: str) -> bool:
    """Whether the name is that of a lock file: somebody has the document open."""
    return _LOCKS.search(name) is not None


def is_unfinished(name: str) -> bool:
    """Whether the name is that of a download or copy that has not ended."""
    return _UNFINISHED.search(name) is not None


def is_stand_in(name: str) -> bool:
    """Whether the name is that of a file which only stands for one that is still in a cloud."""
    return _STAND_IN.search(name) is not None
