"""Delivered checksums: every style is really compared, and the comparison is on record."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import House
from tests.intake.clean import clean_delivery
from tests.intake.faults import Fault, all_faults
from wiazka.intake.checksums import is_checksum_file, read_checksums, vouches_for
from wiazka.intake.deliveries import Job
from wiazka.intake.submission import read_submission
from wiazka.settings import Settings

STYLES = [
    fault
    for fault in all_faults()
    if fault.name.startswith("checksums:") and fault.codes <= {"checksum-name-form", "name-changed"}
]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_in_every_style_a_changed_byte_is_found(style: Fault, tmp_path: Path) -> None:
    [folder] = [path for path in clean_delivery(tmp_path).iterdir() if path.is_dir()]
    style.spoil(folder)
    sound = read_submission(Job(folder.parent, folder), Settings())
    assert sound.checksums_verified >= 12
    [text] = folder.rglob("en/0002v.txt")
    data = bytearray(text.read_bytes())
    data[0] ^= 1
    text.write_bytes(data)
    spoilt = read_submission(Job(folder.parent, folder), Settings())
    told = [problem for problem in spoilt.problems if problem.code == "checksum-mismatch"]
    assert {problem.path for problem in told} == {str(text.relative_to(folder))}
    assert sound.checksums_verified - spoilt.checksums_verified == len(told)


def test_what_sha256sum_itself_writes_is_understood(tmp_path: Path) -> None:
    names = ["plain.txt", "with blank.txt", "back\\slash.txt", "line\nbreak.txt", "zażółć.txt"]
    for name in names:
        (tmp_path / name).write_text(name)
    for options in (["--binary"], ["--text"], ["--tag"]):
        done = subprocess.run(
            ["sha256sum", *options, *names], cwd=tmp_path, capture_output=True, check=True
        )
        declared, problems = read_checksums(done.stdout, "checksum.sha256")
        assert problems == []
        assert [item.names[0] for item in declared] == names


def test_the_comparison_is_an_event_that_says_what_was_compared(house: House) -> None:
    folder = house.submission("note")
    done = subprocess.run(
        ["md5sum", "scans/0001r.tif", "scans/0001v.tif"], cwd=folder, capture_output=True
    )
    (folder / "scans" / "md5sum.txt").write_bytes(done.stdout.replace(b"scans/", b""))
    house.run("ingest")
    bag = house.path / "disk" / "packages" / "main" / "note" / "v1"
    assert (bag / "data" / "metadata" / "scans" / "md5sum.txt").read_bytes()
    space = {"p": "http://www.loc.gov/premis/v3"}
    premis = etree.parse(bag / "metadata" / "premis.xml")
    [event] = premis.xpath("//p:event[p:eventType='fixity check']", namespaces=space)
    detail = event.findtext(".//p:eventDetail", namespaces=space)
    assert detail == (
        "2 delivered checksums agree with the files as they were first read "
        "(scans/md5sum.txt: 2 md5)."
    )
    assert event.findtext(".//p:eventOutcome", namespaces=space) == "success"
    record = json.loads((bag / "metadata" / "record.json").read_text("utf-8"))
    assert [check["event"] for check in record["checks"]].count("fix") == 1


@pytest.mark.parametrize(
    "name",
    [
        "checksum.sha256",
        "checksums.md5",
        "checksum.csv",
        "md5sum.txt",
        "SHA256SUMS",
        "manifest-sha512.txt",
        "scans/0001r.tif.md5",
        "metadata/checksum.sha1",
        "sumy kontrolne.csv",
    ],
)
def test_a_checksum_file_is_known_by_its_name(name: str) -> None:
    assert is_checksum_file(name)


@pytest.mark.parametrize("name", ["md5.tif", "0001r.txt", "manifest.txt", "tagmanifest-md5.txt"])
def test_another_file_is_no_checksum_file(name: str) -> None:
    assert not is_checksum_file(name)


def test_a_checksum_file_beside_one_file_is_of_that_file() -> None:
    assert vouches_for("scans/0001r.tif.md5") == "scans/0001r.tif"
    assert vouches_for("checksum.md5") is None


@given(st.binary(), st.sampled_from(["checksum.md5", "a.tif.sha1", "checksums.csv", "sums.txt"]))
def test_whatever_the_bytes_nothing_is_raised(data: bytes, name: str) -> None:
    declared, _ = read_checksums(data, name)
    for item in declared:
        assert item.names
        assert set(item.digest) <= set("0123456789abcdef")
