"""What lies in a bucket, and what ever lay under one of its keys."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NotRequired, TypedDict

from wiazka.stores.base import ObjectInfo, Past
from wiazka.stores.s3_parts import Where

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Place(TypedDict):
    """What of a bucket is listed."""

    Bucket: str
    Prefix: str
    StartAfter: NotRequired[str]


def listed(
    client: "S3Client", bucket: str, root: str, prefix: str, after: str
) -> Iterator[ObjectInfo]:
    """The objects whose keys begin with ``prefix`` under ``root`` and sort behind ``after``.

    Raises ClientError.
    """
    place: Place = {"Bucket": bucket, "Prefix": root + prefix}
    if after:
        place["StartAfter"] = root + after
    pages = client.get_paginator("list_objects_v2").paginate(**place)
    for page in pages:
        for found in page.get("Contents", []):
            yield ObjectInfo(
                found["Key"].removeprefix(root),
                found["Size"],
                None,
                stored_at=found.get("LastModified"),
                etag=found.get("ETag"),
            )


def history(client: "S3Client", where: Where) -> list[Past]:
    """The versions and delete markers of one object, the newest first. Raises ClientError."""
    found: list[tuple[bool, datetime, str, int | None]] = []
    pages = client.get_paginator("list_object_versions").paginate(
        Bucket=where["Bucket"], Prefix=where["Key"]
    )
    for page in pages:
        versions = [v for v in page.get("Versions", []) if v["Key"] == where["Key"]]
        markers = [m for m in page.get("DeleteMarkers", []) if m["Key"] == where["Key"]]
        if not versions and not markers:
            # Sorted by key: what follows only begins with it.
            break
        found += [(v["IsLatest"], v["LastModified"], v["VersionId"], v["Size"]) for v in versions]
        found += [(m["IsLatest"], m["LastModified"], m["VersionId"], None) for m in markers]
    # A marker and a version can be of the same second: which is the latest is told apart.
    found.sort(key=lambda one: one[:2], reverse=True)
    return [Past(version, size or 0, is_marker=size is None) for _, _, version, size in found]
