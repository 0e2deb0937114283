"""Every kind of store there is to try, and how a test opens one."""

import itertools
from pathlib import Path

from tests.services.running import Service
from wiazka.settings_of_stores import S3Store
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.s3 import S3Bucket, Sizes, open_bucket

SERVERS = ("swift", "versitygw", "ministack", "ceph")
DIRECTORY = "directory"

MIB = 1 << 20
# S3 wants at least 5 MiB of each part but the last.
SMALL_PARTS = Sizes(single_put=6 * MIB, part=5 * MIB)
_numbers = itertools.count()


def open_on(
    service: Service, bucket: str, sizes: Sizes | None = None, **changed: object
) -> S3Bucket:
    """That bucket, with these settings changed; its keys are in the environment (see conftest)."""
    settings = S3Store(kind="s3", bucket=bucket, endpoint=service.endpoint, region="us-east-1")
    return open_bucket(service.name, settings.model_copy(update=changed), sizes)


def new_place(service: Service, sizes: Sizes | None = None, **changed: object) -> S3Bucket:
    """A new prefix of the bucket that all tests of a server share."""
    service.make_bucket("conformance")
    return open_on(service, "conformance", sizes, prefix=f"test-{next(_numbers)}", **changed)


def new_directory(parent: Path) -> DirectoryFiles:
    """An empty directory ``store`` in ``parent``."""
    (parent / "store").mkdir()
    return DirectoryFiles("disk", parent / "store")
