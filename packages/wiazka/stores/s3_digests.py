"""Digests as S3 writes them, and as everybody else does."""

import base64
from collections.abc import Mapping
from typing import Literal

from awscrt.checksums import crc64nvme

__all__ = ["crc64nvme", "hex_crc", "of_crc", "of_hex", "whole_digest"]


def of_hex(digest: str) -> str:
    """A hex digest as S3 takes it."""
    return base64.b64encode(bytes.fromhex(digest)).decode("ascii")


def of_crc(crc: int) -> str:
    """A CRC64NVME as S3 takes it."""
    return of_hex(hex_crc(crc))


def hex_crc(crc: int) -> str:
    """A CRC64NVME in hex."""
    return f"{crc:016x}"


def whole_digest(found: Mapping[str, str], algorithm: Literal["sha256", "crc64nvme"]) -> str | None:
    """The hex digest of the whole object that the headers of an answer tell; None where none is."""
    kept = found.get(f"x-amz-checksum-{algorithm}", "")
    # "…-3": a digest of the digests of three parts, which is not the file's.
    if not kept or "-" in kept or found.get("x-amz-checksum-type") == "COMPOSITE":
        return None
    return base64.b64decode(kept).hex()
