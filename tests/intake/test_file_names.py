"""Names from anywhere: kept byte for byte, or under a safe name that is told and recorded."""

import hashlib
import json
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import House
from tests.intake.clean import clean_delivery
from wiazka.bag.judge import require_valid
from wiazka.bag.manifest import decode_path
from wiazka.bag.plan import About, plan
from wiazka.bag.writer import write_plan
from wiazka.catalogue.model import Version, VersionState
from wiazka.ingest.history import events_of
from wiazka.ingest.package import bag_entries, full_record
from wiazka.intake.deliveries import Job
from wiazka.intake.model import FileRole
from wiazka.intake.names import escaped, safe_names, twin_key, unsafe
from wiazka.intake.submission import read_submission
from wiazka.intake.tree import walk
from wiazka.settings import Archive, Settings

# What a disk can hold: any bytes but a slash and NUL, up to 255 of them.
RAW = st.binary(min_size=1, max_size=40).filter(
    lambda name: not {0, 47} & set(name) and name not in (b".", b"..")
)
TEXT = (
    st.text(
        st.one_of(
            st.sampled_from("%\\ \n\r\t\x0b\x85\u2028\u202e\ufffe\u00a0.ąśó?*:ABab1"),
            st.characters(exclude_characters="/\0", exclude_categories=["Cs"]),
        ),
        min_size=1,
        max_size=30,
    )
    .map(lambda name: name.encode()[:255].decode(errors="ignore").encode())
    .filter(lambda name: name not in (b"", b".", b".."))
)
NAMES = st.lists(st.one_of(RAW, TEXT), min_size=1, max_size=8, unique=True)


@given(NAMES)
def test_each_name_has_a_safe_name_of_its_own(raw: list[bytes]) -> None:
    names = [os.fsdecode(name) for name in raw]
    kept = safe_names(names)
    assert list(kept) == list(safe_names(reversed(names)))
    assert kept == safe_names(reversed(names))
    for name, safe in kept.items():
        assert unsafe(safe) is None
        assert safe not in ("", ".", "..")
        assert "/" not in safe
        assert len(safe.encode()) <= 255
        assert (safe == name) == (unsafe(name) is None)
    changed = [safe for name, safe in kept.items() if safe != name]
    same = {twin_key(safe) for name, safe in kept.items() if safe == name}
    keys = [twin_key(safe) for safe in changed]
    assert len(set(keys)) == len(keys)
    assert not same & set(keys)


@given(NAMES)
def test_no_two_names_are_written_alike_in_the_record(raw: list[bytes]) -> None:
    written = {escaped(os.fsdecode(name)) for name in raw}
    assert len(written) == len(raw)
    assert all(c.isprintable() or unicodedata.category(c) == "Zs" for c in "".join(written))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (b"a%b.tif", "a_b.tif"),
        (b"a\\b.tif", "a_b.tif"),
        (b"a\nb.tif", "a_b.tif"),
        (b" 0001r.tif ", "0001r.tif"),
        ("notatka_świąteczna.txt".encode("cp1250"), "notatka_świąteczna.txt"),
        ("żółć_święta.txt".encode("iso8859_2"), "żółć_święta.txt"),
        ("łódź_żółć.txt".encode("cp852"), "łódź_żółć.txt"),
        (b"%", "_"),
        (b" ..", "__"),
        (b"\xff\xfe\xfd", "___"),
    ],
)
def test_a_safe_name_is_what_was_meant(name: bytes, safe: str) -> None:
    [found] = safe_names([os.fsdecode(name)]).values()
    assert found == safe or (found == "˙ţý" and name == b"\xff\xfe\xfd")


def test_a_safe_name_that_is_taken_gets_a_number() -> None:
    assert safe_names(["a_b.tif", "a%b.tif", "a\\b.tif", "A_B_2.tif"]) == {
        "a_b.tif": "a_b.tif",
        "A_B_2.tif": "A_B_2.tif",
        "a%b.tif": "a_b_3.tif",
        "a\\b.tif": "a_b_4.tif",
    }


def written(folder: Path, names: list[bytes]) -> dict[str, bytes]:
    """Files of these names, each with bytes of its own; those that the disk takes."""
    made = {}
    for number, name in enumerate(names):
        data = f"text {number}\n".encode()
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        path.write_bytes(data)
        made[os.fsdecode(name)] = data
    return made


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES)
def test_whatever_the_names_the_bag_is_valid_and_has_every_byte(
    tmp_path_factory: pytest.TempPathFactory, raw: list[bytes]
) -> None:
    inbox = tmp_path_factory.mktemp("names")
    [document] = [path for path in clean_delivery(inbox).iterdir() if path.is_dir()]
    documents = document / "documents"
    documents.mkdir()
    made = written(documents, raw)
    submission = read_submission(Job(document.parent, document), Settings())
    left = {left.name for left in submission.left_out}
    held = {problem.code for problem in submission.problems}
    if held & {"name-twins", "open-elsewhere", "placeholder", "conflict-copy"} or left:
        return
    version = _version()
    about = About("main/note", 1, "d", version.bagged_at, Archive(name="A"), ("sha256", "sha512"))
    read = read_submission(
        Job(document.parent, document), Settings(ingest={"algorithms": ("sha256", "sha512")})
    )
    bag = plan(full_record(read), bag_entries(read), about, events_of(read, version))
    write_plan(bag, inbox / "bag")
    require_valid(inbox / "bag")
    kept = [file for file in read.files if file.role is FileRole.DOCUMENTATION]
    assert len(kept) == len(made)
    recorded = {}
    for entry in full_record(read).files:
        if entry.role == FileRole.DOCUMENTATION:
            name = entry.delivered_as.removeprefix("documents/")
            recorded[name] = (inbox / "bag" / entry.path).read_bytes()
    assert recorded == {
        (escaped(name) if unsafe(name) else name): data for name, data in made.items()
    }
    manifest = (inbox / "bag" / "manifest-sha256.txt").read_text("utf-8").split("\n")[:-1]
    listed = {decode_path(line[66:]): line[:64] for line in manifest}
    for file in kept:
        data = made[file.path.name]
        assert listed[file.bag_path] == hashlib.sha256(data).hexdigest()


def _version() -> Version:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Version("main/note", 1, "T", "0", VersionState.PACKAGED, at, None, "d", "f", "", 0, 0)


def test_a_changed_name_is_an_event_and_the_record_has_the_one_delivered(house: House) -> None:
    folder = house.submission("note")
    text = folder / "transcription" / "pl"
    os.rename(text / "0001.txt", os.fsencode(text) + b"/0001r 100%\n.txt")  # noqa: PTH104
    done = house.run("ingest", "--json")
    [result] = json.loads(done.stdout)["deliveries"][0]["submissions"]
    assert result["state"] == "registered"
    assert [p["code"] for p in result["problems"]] == ["name-changed"]
    bag = house.path / "disk" / "packages" / "main" / "note" / "v1"
    assert (bag / "data/objects/transcription/pl/0001r 100__.txt").is_file()
    record = json.loads((bag / "metadata" / "record.json").read_text("utf-8"))
    names = {file["path"]: file["delivered_as"] for file in record["files"]}
    path = "data/objects/transcription/pl/0001r 100__.txt"
    assert names[path] == "transcription/pl/0001r 100%\\x0a.txt"
    assert names["data/objects/scans/0001r.tif"] == "scans/0001r.tif"
    events = etree.parse(bag / "metadata" / "premis.xml")
    space = {"p": "http://www.loc.gov/premis/v3"}
    [event] = events.xpath("//p:event[p:eventType='filename change']", namespaces=space)
    kind = event.find("p:eventType", space)
    assert kind.get("valueURI").endswith("/preservation/eventType/fil")
    assert "0001r 100%\\x0a.txt" in event.findtext(".//p:eventDetail", namespaces=space)
    assert event.findtext(".//p:linkingObjectIdentifierValue", namespaces=space).endswith(path)


def test_a_folder_of_another_encoding_keeps_its_files(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + "/święta_żółć".encode("cp1250")
    os.mkdir(folder)  # noqa: PTH102
    Path(os.fsdecode(folder + b"/a.txt")).write_text("a")
    tree = walk(tmp_path)
    [found] = tree.files
    assert found.name == "święta_żółć/a.txt"
    assert found.delivered_as == "\\x9cwi\\xeata_\\xbf\\xf3\\xb3\\xe6/a.txt"
    [problem] = tree.problems
    assert problem.code == "name-changed"
    assert "kept as 'święta_żółć'" in problem.message
