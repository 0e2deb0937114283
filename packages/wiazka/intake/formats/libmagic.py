"""The media type of a file by its first bytes. libmagic's one door."""

import threading

import pylibmagic  # noqa: F401 - finds the libmagic of its wheel where the machine has none

# isort: split
import magic

_cookies = threading.local()


def libmagic_version() -> str:
    """The version of the libmagic in use, as ``5.45``."""
    number: int = magic.version()  # type: ignore[no-untyped-call]
    return f"{number // 100}.{number % 100:02d}"


def identify(head: bytes) -> str:
    """The media type of a file by its first 64 KiB."""
    # A libmagic cookie serves one thread.
    if not hasattr(_cookies, "cookie"):
        _cookies.cookie = magic.Magic(mime=True)
    mime: str = _cookies.cookie.from_buffer(head)
    return mime
