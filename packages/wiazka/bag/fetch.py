"""fetch.txt: the payload that an earlier version of the package holds (RFC 8493, 2.2.3)."""

from collections.abc import Iterable
from urllib.parse import quote, unquote

from wiazka.bag.manifest import decode_path, encode_path
from wiazka.bag.model import Entry
from wiazka.errors import BagInvalid
from wiazka.stores.layout import StoredFile, file_key, version_prefix

# Of wiazka's own, since the same bag lies in every store: what follows is the key in any of them.
SCHEME = "wiazka://"


def fetch_txt(identity: str, version: int, entries: Iterable[Entry]) -> bytes:
    """The lines of the entries that are held by earlier versions, sorted; empty without any."""
    lines = []
    for entry in sorted(entries, key=lambda entry: entry.path):
        if entry.held_in is not None:
            file = StoredFile(
                path=entry.path,
                size=entry.size,
                sha256=entry.sha256,
                version=entry.held_in,
                held_as=entry.held_as,
            )
            url = SCHEME + quote(file_key(identity, version, file), safe="/")
            lines.append(f"{url} {entry.size} {encode_path(entry.path)}\n")
    return "".join(lines).encode()


def read_fetch_txt(data: bytes, identity: str) -> dict[str, tuple[int, str]]:
    """For each path that ``fetch_txt`` wrote: the version that holds it, and its path there.

    Raises BagInvalid for any other line.
    """
    start = SCHEME + version_prefix(identity, 0).removesuffix("0/")
    found = {}
    for line in data.decode().split("\n")[:-1]:
        url, _, rest = line.partition(" ")
        size, _, path = rest.partition(" ")
        number, _, inside = unquote(url).removeprefix(start).partition("/")
        right = number.isdecimal() and size.isdecimal() and inside.startswith("data/") and path
        if not (right and unquote(url).startswith(start)):
            raise BagInvalid(
                f"fetch.txt of {identity} has a line that names no file of an earlier version: "
                f"{line!r}.",
                f"A right one is: {SCHEME}packages/main/note/v1/data/objects/scans/0001r.tif 1234 "
                "data/objects/scans/0001r.tif",
            )
        found[decode_path(path)] = (int(number), inside)
    return found
