"""A server to be measured with a plain client, and not with wiazka's own eyes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.services.running import Service

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BODY = b"a scan, page one"
CONNECTIONS = 6
# Two parts, the CRC64NVME of each and of the whole: the last is the published check value.
PARTS = (
    (bytes(5 << 20), "vqf3hRLTlJw="),
    (b"123456789", "rosUhgp5mIg="),
)
WHOLE_CRC = "2Cx3jK5cd8E="


class Bench:
    """One server, a bucket of its own on it, and a plain client."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.bucket = self.new_bucket()
        self.client: S3Client = boto3.client(
            "s3",
            endpoint_url=service.endpoint,
            region_name="us-east-1",
            aws_access_key_id=service.access_key,
            aws_secret_access_key=service.secret_key,
            config=Config(
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                max_pool_connections=CONNECTIONS,
                retries={"total_max_attempts": 1},
            ),
        )

    def new_bucket(self, **kind: bool) -> str:
        name = f"measured-{uuid4().hex[:12]}"
        self.service.make_bucket(name, **kind)
        return name

    def holds(self, key: str, bucket: str | None = None) -> bool:
        with refusals() as refused:
            self.client.head_object(Bucket=bucket or self.bucket, Key=key)
        return not refused


@contextmanager
def refusals() -> Iterator[list[Exception]]:
    """What the server refused within the block."""
    refused: list[Exception] = []
    try:
        yield refused
    except (ClientError, BotoCoreError) as error:
        refused.append(error)


def in_parts(bench: Bench, key: str, bucket: str, crc: str | None = None, **more: object) -> None:
    client = bench.client
    kind = {"ChecksumAlgorithm": "CRC64NVME", "ChecksumType": "FULL_OBJECT"} if crc else {}
    condition = {"IfNoneMatch": more.pop("IfNoneMatch")} if "IfNoneMatch" in more else {}
    upload = client.create_multipart_upload(Bucket=bucket, Key=key, **kind, **more)["UploadId"]
    parts = []
    for number, (body, part_crc) in enumerate(PARTS, 1):
        told = {"ChecksumCRC64NVME": part_crc} if crc else {}
        answer = client.upload_part(
            Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=body, **told
        )
        parts.append({"PartNumber": number, "ETag": answer["ETag"], **told})
    whole = {"ChecksumCRC64NVME": crc, "ChecksumType": "FULL_OBJECT"} if crc else {}
    client.complete_multipart_upload(
        Bucket=bucket,
        Key=key,
        UploadId=upload,
        MultipartUpload={"Parts": parts},
        **whole,
        **condition,
    )
