"""What is too large for one PUT, sent in parts: each is refused if it arrives changed."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypedDict

from wiazka.errors import BytesRefused
from wiazka.stores.base import Content, changed_or

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

# S3's limit for one object.
MOST_PARTS = 10_000


class Where(TypedDict):
    """The bucket and full key of an object."""

    Bucket: str
    Key: str


class Condition(TypedDict, total=False):
    """The header by which a put is refused when the key is taken."""

    IfNoneMatch: str


def condition(*, conditional: bool) -> Condition:
    """The condition to send to a store that honours one, or none."""
    return {"IfNoneMatch": "*"} if conditional else {}


def send_in_parts(
    client: "S3Client", where: Where, content: Content, part: int, *, conditional: bool
) -> None:
    """Keep ``content`` in parts of ``part`` bytes, or larger where there would be too many.

    The store keeps a digest of the parts' digests and none of the whole, so such a copy has to be
    read back. Raises SourceChanged, and botocore's errors; what was sent is then discarded.
    """
    upload = client.create_multipart_upload(
        **where, ChecksumAlgorithm="SHA256", Metadata={"sha256": content.sha256}
    )["UploadId"]
    part = max(part, -(-content.size // MOST_PARTS))
    try:
        parts = list(_send(client, where, content, part, upload))
        client.complete_multipart_upload(
            **where,
            UploadId=upload,
            MultipartUpload={"Parts": parts},
            **condition(conditional=conditional),
        )
    except BaseException:
        # Parts that were never put together are in no listing, but on the bill.
        with suppress(Exception):
            client.abort_multipart_upload(**where, UploadId=upload)
        raise


def _send(
    client: "S3Client", where: Where, content: Content, part: int, upload: str
) -> "Iterator[CompletedPartTypeDef]":
    whole, size = hashlib.sha256(), 0
    for number, piece in enumerate(content.pieces(part), 1):
        whole.update(piece)
        size += len(piece)
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode("ascii")
        answer = client.upload_part(
            **where, UploadId=upload, PartNumber=number, Body=piece, ChecksumSHA256=digest
        )
        yield {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": digest}
    if (size, whole.hexdigest()) != (content.size, content.sha256):
        refusal = BytesRefused(
            f"Key {where['Key']!r}: expected {content.size} bytes with SHA-256 {content.sha256}, "
            f"read {size} bytes with {whole.hexdigest()}.",
            "Nothing was stored. Run again; if it stays, look at this machine's memory and disks.",
        )
        raise changed_or(content, refusal)
