"""Which files of a delivery are documents handed over packed, by their names."""

from pathlib import PurePath

_ZIP = (".zip",)
_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
# Read by programs that are not free, or that no well-kept library reads safely.
_NOT_TAKEN = (".rar", ".7z", ".zipx", ".tar.zst", ".ace", ".arj", ".lzh", ".cab", ".sitx", ".sit")


def packed_suffix(name: str) -> str | None:
    """``.tar.gz`` of ``letters.TAR.GZ`` as it is written there; None for what is not unpacked."""
    return _suffix(name, (*_ZIP, *_TAR))


def is_packed(name: str) -> bool:
    """Whether a file of this name beside the documents' folders is a document, packed."""
    return packed_suffix(name) is not None


def is_zip(name: str) -> bool:
    """Whether a packed file is a zip file, else a tar file."""
    return _suffix(name, _ZIP) is not None


def is_not_taken(name: str) -> bool:
    """Whether the name is that of a packed file of a kind that is not opened here."""
    return _suffix(name, _NOT_TAKEN) is not None


def unpacked_name(name: str) -> str:
    """The name of the document in a packed file: without ``.zip``, ``.tar.gz`` …"""
    suffix = packed_suffix(name)
    return name[: -len(suffix)] if suffix else name


def _suffix(name: str, suffixes: tuple[str, ...]) -> str | None:
    lowered = PurePath(name).name.lower()
    found = [one for one in suffixes if lowered.endswith(one) and len(lowered) > len(one)]
    return name[-max(map(len, found)) :] if found else None
