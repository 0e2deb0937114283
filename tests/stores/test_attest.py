"""Which proof of a copy counts for what."""

from pathlib import Path

import pytest

from tests.services.openstack import Swift
from wiazka.errors import BytesRefused
from wiazka.evidence import Grade, sha256
from wiazka.settings_of_stores import S3Store
from wiazka.stores.attest import attest
from wiazka.stores.base import Capabilities, Content, ObjectInfo
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.opening import open_store

DATA = b"a scan, page one"


class WithDigests(DirectoryFiles):
    """A directory that answers for digests as some S3 stores do."""

    def __init__(self, root: Path, *, refuses: bool, kept: str | None) -> None:
        super().__init__("disk", root)
        self.refuses, self.kept = refuses, kept
        self.put("a", Content(DATA, len(DATA), sha256(DATA)))

    def capabilities(self) -> Capabilities:
        return Capabilities(self.refuses, returns_digest=True, conditional_put=True)

    def head(self, key: str) -> ObjectInfo:
        return ObjectInfo(key, super().head(key).size, self.kept)


def test_a_digest_that_the_store_kept_is_a_proof_of_its_own_grade(tmp_path: Path) -> None:
    store = WithDigests(tmp_path, refuses=True, kept=sha256(DATA))
    assert attest(store, "a", len(DATA), sha256(DATA)) is Grade.STORED_DIGEST


def test_a_store_that_takes_any_bytes_is_read_whatever_digest_it_tells(tmp_path: Path) -> None:
    store = WithDigests(tmp_path, refuses=False, kept=sha256(DATA))
    assert attest(store, "a", len(DATA), sha256(DATA)) is Grade.READ


def test_an_object_sent_in_parts_has_no_digest_and_is_read(tmp_path: Path) -> None:
    store = WithDigests(tmp_path, refuses=True, kept=None)
    assert attest(store, "a", len(DATA), sha256(DATA)) is Grade.READ


def test_a_byte_that_rots_in_a_real_object_store_is_named(swift: Swift, bucket: str) -> None:
    settings = S3Store(kind="s3", bucket=bucket, endpoint=swift.endpoint, region="us-east-1")
    store = open_store("s3", settings)
    data = f"a scan in {bucket}".encode()
    store.put("a", Content(data, len(data), sha256(data)))
    assert attest(store, "a", len(data), sha256(data)) is Grade.READ
    file = swift.object_file(data)
    file.write_bytes(b"A" + data[1:])
    with pytest.raises(BytesRefused) as caught:
        attest(store, "a", len(data), sha256(data))
    assert sha256(data) in caught.value.message
    assert sha256(b"A" + data[1:]) in caught.value.message
