"""A document that comes again corrected: scans stay where they are, and it is said what changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RECORD, House
from tests.ingest.test_ingest import ingest

CORRECTED = RECORD + 'zmieniła: "Maria Wójcik"\npowód zmiany: "Poprawiono tłumaczenie."\n'


def corrected(house: House) -> dict[str, Any]:
    """Take a document, then again with a corrected text and a reason."""
    folder = house.submission("note")
    ingest(house)
    (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
    (folder / "record.yaml").write_text(CORRECTED, encoding="utf-8")
    _, [result] = ingest(house)
    assert (result["state"], result["version"]) == ("registered", 2), result
    return result


def shown(house: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house.run("show", "--json", "main/note").stdout)
    return found


def sent(house: House, version: int) -> dict[str, str]:
    [event] = [
        one
        for one in shown(house)["events"]
        if one["version"] == version and "bytes_sent" in one["detail"]
    ]
    detail: dict[str, str] = event["detail"]
    return detail


def test_what_changed_by_whom_and_why_is_in_the_record_show_and_the_receipt(house: House) -> None:
    result = corrected(house)
    package = shown(house)
    [first, second] = package["versions"]
    assert first["changes"] is None
    assert "data/objects/transcription/pl/0001.txt" in second["changes"]["changed"]
    assert not any("/scans/" in path for path in second["changes"]["changed"])
    assert second["changes"]["since"] == 1
    assert (second["changed_by"], second["change_note"]) == (
        "Maria Wójcik",
        "Poprawiono tłumaczenie.",
    )
    assert package["record"]["changes"] == second["changes"]
    scans = [file for file in second["files"] if "/scans/" in file["path"]]
    assert [file["held_in"] for file in scans] == [1, 1]
    assert second["referred"]["files"] >= 2
    words = " ".join(house.run("show", "main/note").stdout.split())
    assert "By: Maria Wójcik. Why: Poprawiono tłumaczenie." in words
    assert "not sent again" in words
    for path in (Path(result["receipt"]), Path(result["receipt"]).with_suffix(".txt")):
        receipt = " ".join(path.read_text("utf-8").split())
        assert "Changed by: Maria Wójcik." in receipt
        assert "Poprawiono tłumaczenie." in receipt
        assert "were not sent again" in receipt


def test_both_versions_restore_and_no_audit_calls_a_referred_scan_extra_or_missing(
    house: House,
) -> None:
    corrected(house)
    assert not list((house.path / "disk/packages/main/note/v2").rglob("*.tif"))
    assert int(sent(house, 2)["bytes_referred"]) > 0
    audit = house.run("audit")
    assert audit.returncode == 0, audit.stdout
    for number in ("1", "2"):
        done = house.run("restore", "main/note", "--version", number, "--to", f"out{number}")
        assert done.returncode == 0, done.stderr
        assert len(list((house.path / f"out{number}").rglob("*.tif"))) == 2


def test_a_damaged_scan_of_the_first_version_stops_the_second_until_it_is_mended(
    house: House,
) -> None:
    folder = house.submission("note")
    ingest(house)
    scan = house.path / "disk/packages/main/note/v1/data/objects/scans/0001r.tif"
    sound = scan.read_bytes()
    scan.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
    code, [result] = ingest(house)
    assert (code, result["state"]) == (3, "failed")
    assert "v1/data/objects/scans/0001r.tif is damaged" in str(result)
    scan.write_bytes(sound)
    code, [result] = ingest(house)
    assert (code, result["state"], result["version"]) == (0, "registered", 2)


@pytest.mark.parametrize("added", ["", '[stores.late]\nkind = "directory"\npath = "late"\n'])
def test_a_store_that_copies_or_came_later_has_the_whole_version(
    make_house: Callable[[str], House], added: str
) -> None:
    copies = "" if added else 'unchanged = "copy"\n'
    house = make_house(f'[stores.disk]\nkind = "directory"\npath = "disk"\n{copies}')
    folder = house.submission("note")
    ingest(house)
    house.config.write_text(house.config.read_text("utf-8") + added, encoding="utf-8")
    (folder / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
    _, [result] = ingest(house)
    assert (result["state"], result["version"]) == ("registered", 2)
    whole = house.path / ("late" if added else "disk") / "packages/main/note/v2"
    assert len(list(whole.rglob("*.tif"))) == 2
    assert house.run("audit").returncode == 0
