"""docs/stores.md: a document comes out of a store with a shell, ``aws`` and ``sha256sum`` alone."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bag.test_versions import SCAN, V1, made, stored
from tests.services.openstack import ACCESS_KEY, SECRET_KEY, Swift
from wiazka.settings_of_stores import S3Store
from wiazka.stores.opening import open_store

DOCS = Path(__file__).parents[2] / "docs/stores.md"
AWS = shutil.which("aws")
FILES = {**V1, "scans/k. 7 zażółć #1?.tif": SCAN, "translation/en/0001.txt": b"A corrected note."}


def by_hand(swift: Swift, bucket: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run what the page says, with this bucket's name in it."""
    found = re.search(r"<!-- by hand -->\n```bash\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    place = {"AWS_ENDPOINT_URL": swift.endpoint, "AWS_DEFAULT_REGION": "us-east-1"}
    return subprocess.run(
        ["bash", "-e", "-c", found[1].replace("our-archive", bucket)],
        cwd=folder,
        env={**os.environ, **keys, **place, "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(AWS is None, reason="the AWS command line is not on this machine")
def test_a_version_that_refers_to_another_comes_out_whole_and_a_changed_byte_is_seen(
    swift: Swift, bucket: str, tmp_path: Path
) -> None:
    store = open_store(
        "s3", S3Store(kind="s3", bucket=bucket, endpoint=swift.endpoint, region="us-east-1")
    )
    first = made(1, V1)
    stored(first, store)
    assert stored(made(2, FILES, first), store).sent < len(SCAN)
    done = by_hand(swift, bucket, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for name, data in FILES.items():
        assert (tmp_path / "note/data/objects" / name).read_bytes() == data
    assert "fetch.txt: OK" in done.stdout
    scan = tmp_path / "note/data/objects/scans/0001v.tif"
    scan.write_bytes(b"X" + scan.read_bytes()[1:])
    check = ["sha256sum", "-c", "manifest-sha256.txt"]
    seen = subprocess.run(check, cwd=tmp_path / "note", capture_output=True, text=True)
    assert seen.returncode == 1
    assert "scans/0001v.tif: FAILED" in seen.stdout
