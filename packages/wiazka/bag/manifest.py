"""Tag files by the letter of RFC 8493: paths, manifests, bag-info."""

from collections.abc import Iterable, Mapping

BAGIT_TXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def encode_path(path: str) -> str:
    """A path as a manifest has it: ``%``, CR and LF are encoded, and only those (2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def decode_path(path: str) -> str:
    """The path that ``encode_path`` wrote."""
    for encoded, character in (("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        path = path.replace(encoded, character).replace(encoded.lower(), character)
    return path


def manifest(digests: Iterable[tuple[str, str]]) -> bytes:
    """A manifest of (path, hex digest) pairs, sorted by path (2.1.3, 2.2.1)."""
    lines = sorted((path, digest) for path, digest in digests)
    return "".join(f"{digest}  {encode_path(path)}\n" for path, digest in lines).encode()


def bag_info(tags: Iterable[tuple[str, str | None]]) -> bytes:
    """bag-info.txt: one line a value, in the order given; tags without one are left out (2.2.2).

    White space inside a value becomes one blank: the bagit package deletes line ends when it reads,
    which glues words together.
    """
    lines = (f"{label}: {' '.join(value.split())}\n" for label, value in tags if value)
    return "".join(lines).encode()


def bag_size(size: int) -> str:
    """A number of bytes for people, as Bag-Size has it (2.2.2): ``12.4 MB``."""
    amount = float(size)
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{size} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def payload_oxum(sizes: Mapping[str, int]) -> str:
    """Octet and stream count of the payload (2.2.2)."""
    payload = [size for path, size in sizes.items() if path.startswith("data/")]
    return f"{sum(payload)}.{len(payload)}"
