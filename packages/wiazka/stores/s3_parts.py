"""What is too large for one PUT, sent in parts: each is refused if it arrives changed.

Parts that a killed process left are compared with the file and kept, so nothing starts over.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict
from urllib.parse import quote

from wiazka.errors import BytesRefused, SourceChanged
from wiazka.evidence import digests_of, sha256
from wiazka.stores.base import Content
from wiazka.stores.s3_digests import crc64nvme, hex_crc, of_crc, of_hex
from wiazka.stores.s3_keeping import Parameters
from wiazka.stores.s3_wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, MultipartUploadTypeDef, PartTypeDef

# S3's limit for one object.
MOST_PARTS = 10_000
AT_ONCE = 4
# Within which what was begun with a retention has to be put together.
TO_FINISH = timedelta(days=7)
LARGEST_COPY = 1 << 30


class Where(TypedDict):
    """The bucket and full key of an object."""

    Bucket: str
    Key: str


class Condition(TypedDict, total=False):
    """The header by which a put is refused when the key is taken, or by another than that tag."""

    IfNoneMatch: str
    IfMatch: str


def condition(*, conditional: bool) -> Condition:
    """The condition to send to a store that honours one, or none."""
    return {"IfNoneMatch": "*"} if conditional else {}


@dataclass(frozen=True, slots=True)
class Large:
    """An object that is sent in parts of ``part`` bytes, or larger where there would be too many.

    Those of ``part`` bytes are held in memory while they are sent; larger ones are read a second
    time. ``whole_crc``: the store checks a CRC64NVME of the whole.
    """

    where: Where
    content: Content
    part: int
    keeping: Parameters
    whole_crc: bool
    only: Condition

    @property
    def size_of_parts(self) -> int:
        """The bytes of every part but the last."""
        return max(self.part, -(-self.content.size // MOST_PARTS))

    def size_of(self, number: int) -> int:
        """The bytes of one part, counted from 1; none or less where there is no such part."""
        return min(self.size_of_parts, self.content.size - (number - 1) * self.size_of_parts)


class _OtherBytes(Exception):
    """What an earlier upload left is not of this file."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A part that is too large to be held; it can be read from the file again and again."""

    content: Content
    offset: int
    size: int
    sha256: str
    crc: int

    def __iter__(self) -> Iterator[bytes]:
        return self.content.section(self.offset, self.size)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with its hex SHA-256 and its CRC64NVME; ``body`` is in memory or in the file."""

    number: int
    size: int
    sha256: str
    crc: int
    body: bytes | _Section


def send_in_parts(client: "S3Client", wire: Wire, large: Large) -> str:
    """Keep an object in parts; the hex CRC64NVME of the very bytes whose SHA-256 was right.

    The file is read once, in order; its parts are sent ``AT_ONCE`` at a time. Raises BytesRefused
    when it is not what was declared (then nothing of it stays), and botocore's errors: what was
    sent then stays for the next call.
    """
    upload, left_behind = _taken_up(client, large)
    try:
        return _finished(client, wire, large, upload, left_behind)
    except _OtherBytes:
        _abort(client, large.where, upload)
    except (BytesRefused, SourceChanged):
        # Parts that will never be put together are in no listing, but on the bill.
        _abort(client, large.where, upload)
        raise
    return _finished(client, wire, large, _begun(client, large), {})


def _taken_up(client: "S3Client", large: Large) -> "tuple[str, Mapping[int, PartTypeDef]]":
    """The upload to go on with, and its parts; all others for the key are given up."""
    found: list[tuple[str, dict[int, PartTypeDef]]] = []
    pages = client.get_paginator("list_multipart_uploads").paginate(
        Bucket=large.where["Bucket"], Prefix=large.where["Key"]
    )
    for upload in (one for page in pages for one in page.get("Uploads", [])):
        if upload["Key"] == large.where["Key"]:
            parts = _parts_of(client, large, upload)
            if parts is None:
                _abort(client, large.where, upload["UploadId"])
            else:
                found.append((upload["UploadId"], parts))
    if not found:
        return _begun(client, large), {}
    found.sort(key=lambda one: len(one[1]))
    for stale, _ in found[:-1]:
        _abort(client, large.where, stale)
    return found[-1]


def _parts_of(
    client: "S3Client", large: Large, upload: "MultipartUploadTypeDef"
) -> "dict[int, PartTypeDef] | None":
    """The parts that an upload has; None where it is not one of ours of such a file."""
    asked = ("CRC64NVME", "FULL_OBJECT") if large.whole_crc else ("SHA256", "COMPOSITE")
    told = upload.get("ChecksumAlgorithm", asked[0]), upload.get("ChecksumType", asked[1])
    if told != asked:
        return None
    if "ObjectLockMode" in large.keeping and datetime.now(UTC) - upload["Initiated"] > TO_FINISH:
        return None
    pages = client.get_paginator("list_parts").paginate(**large.where, UploadId=upload["UploadId"])
    parts = {part["PartNumber"]: part for page in pages for part in page.get("Parts", [])}
    fits = all(part["Size"] == large.size_of(number) for number, part in parts.items())
    return parts if fits else None


def _begun(client: "S3Client", large: Large) -> str:
    metadata = {"sha256": large.content.sha256}
    if large.whole_crc:
        answer = client.create_multipart_upload(
            **large.where,
            **large.keeping,
            Metadata=metadata,
            ChecksumAlgorithm="CRC64NVME",
            ChecksumType="FULL_OBJECT",
        )
    else:
        answer = client.create_multipart_upload(
            **large.where, **large.keeping, Metadata=metadata, ChecksumAlgorithm="SHA256"
        )
    return answer["UploadId"]


def _abort(client: "S3Client", where: Where, upload: str) -> None:
    with suppress(Exception):
        client.abort_multipart_upload(**where, UploadId=upload)


def _finished(
    client: "S3Client",
    wire: Wire,
    large: Large,
    upload: str,
    left_behind: "Mapping[int, PartTypeDef]",
) -> str:
    def keep(number: int, body: bytes | _Section) -> "CompletedPartTypeDef":
        part = _part(number, body)
        found = left_behind.get(number)
        if found is None:
            etag = _sent(wire, large, upload, part)
        elif _is_same(found, part):
            etag = found["ETag"]
        else:
            raise _OtherBytes
        if large.whole_crc:
            return {"PartNumber": number, "ETag": etag, "ChecksumCRC64NVME": of_crc(part.crc)}
        return {"PartNumber": number, "ETag": etag, "ChecksumSHA256": of_hex(part.sha256)}

    whole = _Whole(large)
    parts = _in_parallel(keep, whole.bodies())
    whole.check()
    client.complete_multipart_upload(
        **large.where,
        UploadId=upload,
        MultipartUpload={"Parts": parts},
        **large.only,
        **(_whole_crc(whole.crc, large.content.size) if large.whole_crc else {}),
    )
    return hex_crc(whole.crc)


class _WholeCrc(TypedDict, total=False):
    ChecksumCRC64NVME: str
    ChecksumType: Literal["FULL_OBJECT"]
    MpuObjectSize: int


def _whole_crc(crc: int, size: int) -> _WholeCrc:
    return {
        "ChecksumCRC64NVME": of_crc(crc),
        "ChecksumType": "FULL_OBJECT",
        "MpuObjectSize": size,
    }


class _Whole:
    """The source, read once in order, and the digests of all of it."""

    def __init__(self, large: Large) -> None:
        self._large = large
        self._sha256 = hashlib.sha256()
        self._size = 0
        self.crc = 0

    def bodies(self) -> "Iterator[bytes | _Section]":
        """What goes into each part."""
        content, length = self._large.content, self._large.size_of_parts
        if length == self._large.part:
            for piece in content.pieces(length):
                self._take(piece)
                yield piece
            return
        for offset in range(0, content.size, length):
            size, sha256, crc = min(length, content.size - offset), hashlib.sha256(), 0
            for piece in content.section(offset, size):
                self._take(piece)
                sha256.update(piece)
                crc = crc64nvme(piece, crc)
            yield _Section(content, offset, size, sha256.hexdigest(), crc)

    def _take(self, piece: bytes) -> None:
        self._sha256.update(piece)
        self.crc = crc64nvme(piece, self.crc)
        self._size += len(piece)

    def check(self) -> None:
        """Raises BytesRefused when what was read is not what was declared."""
        content = self._large.content
        if (self._size, self._sha256.hexdigest()) != (content.size, content.sha256):
            raise BytesRefused(
                f"Key {self._large.where['Key']!r}: expected {content.size} bytes with SHA-256 "
                f"{content.sha256}, read {self._size} bytes with {self._sha256.hexdigest()}.",
                "Nothing was stored. Run again; if it stays, look at this machine's memory and "
                "disks.",
            )


def _part(number: int, body: bytes | _Section) -> _Part:
    if isinstance(body, _Section):
        return _Part(number, body.size, body.sha256, body.crc, body)
    return _Part(number, len(body), sha256(body), crc64nvme(body), body)


def _sent(wire: Wire, large: Large, upload: str, part: _Part) -> str:
    declared = (
        {"x-amz-checksum-crc64nvme": of_crc(part.crc)}
        if large.whole_crc
        else {"x-amz-checksum-sha256": of_hex(part.sha256)}
    )
    return wire.put(
        large.where["Key"],
        part.body,
        {"content-length": str(part.size), **declared},
        sha256=part.sha256,
        query=f"partNumber={part.number}&uploadId={quote(upload, safe='-._~')}",
    )["etag"]


def _is_same(found: "PartTypeDef", part: _Part) -> bool:
    """Whether a part that was left behind is this one, by the strongest that the store tells."""
    if told := found.get("ChecksumSHA256"):
        return told == of_hex(part.sha256)
    if told := found.get("ChecksumCRC64NVME"):
        return told == of_crc(part.crc)
    pieces = [part.body] if isinstance(part.body, bytes) else part.body
    # S3's ETag of a part; where it is another number, the part is sent once more.
    return found["ETag"].strip('"') == digests_of(pieces, ["md5"])[1]["md5"]


def _in_parallel(
    keep: "Callable[[int, bytes | _Section], CompletedPartTypeDef]",
    bodies: "Iterable[bytes | _Section]",
) -> "list[CompletedPartTypeDef]":
    """What ``keep`` makes of each body, of which few are in memory at any time."""
    room, failed = threading.BoundedSemaphore(AT_ONCE + 1), threading.Event()

    def one(number: int, body: bytes | _Section) -> "CompletedPartTypeDef":
        try:
            return keep(number, body)
        except BaseException:
            failed.set()
            raise
        finally:
            room.release()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        kept: list[Future[CompletedPartTypeDef]] = []
        # Room first: what waits for a thread is in memory too.
        room.acquire()
        for number, body in enumerate(bodies, 1):
            kept.append(pool.submit(one, number, body))
            room.acquire()
            if failed.is_set():
                break
        return [one.result() for one in kept]


def send_one_part(client: "S3Client", where: Where, data: bytes, crc: str) -> None:
    """Keep ``data`` as one part, and tell the store this hex CRC64NVME of the whole (a probe)."""
    upload = client.create_multipart_upload(
        **where, ChecksumAlgorithm="CRC64NVME", ChecksumType="FULL_OBJECT"
    )["UploadId"]
    try:
        right = of_crc(crc64nvme(data))
        etag = client.upload_part(
            **where, UploadId=upload, PartNumber=1, Body=data, ChecksumCRC64NVME=right
        )["ETag"]
        client.complete_multipart_upload(
            **where,
            UploadId=upload,
            MultipartUpload={
                "Parts": [{"PartNumber": 1, "ETag": etag, "ChecksumCRC64NVME": right}]
            },
            **_whole_crc(int(crc, 16), len(data)),
        )
    except BaseException:
        _abort(client, where, upload)
        raise


def copy_in_parts(
    client: "S3Client",
    source: Where,
    target: Where,
    size: int,
    sha256: str,
    keeping: Parameters,
) -> None:
    """Copy what is too large for one copy; such a copy has to be read back."""
    upload = client.create_multipart_upload(
        **target, **keeping, ChecksumAlgorithm="SHA256", Metadata={"sha256": sha256}
    )["UploadId"]
    part = max(LARGEST_COPY, -(-size // MOST_PARTS))
    parts: list[CompletedPartTypeDef] = []
    try:
        for number, begin in enumerate(range(0, size, part), 1):
            end = min(begin + part, size) - 1
            copied = client.upload_part_copy(
                **target,
                UploadId=upload,
                PartNumber=number,
                CopySource={"Bucket": source["Bucket"], "Key": source["Key"]},
                CopySourceRange=f"bytes={begin}-{end}",
            )["CopyPartResult"]
            done: CompletedPartTypeDef = {"PartNumber": number, "ETag": copied["ETag"]}
            if "ChecksumSHA256" in copied:
                done["ChecksumSHA256"] = copied["ChecksumSHA256"]
            parts.append(done)
        client.complete_multipart_upload(
            **target, UploadId=upload, MultipartUpload={"Parts": parts}
        )
    except BaseException:
        _abort(client, target, upload)
        raise
