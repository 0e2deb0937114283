"""`wiazka check`: everything that is wrong, at once, in plain words, and nothing written."""

import json
import os
import unicodedata

import pytest

from tests.conftest import House


def problems(house: House, *paths: str) -> list[dict[str, str]]:
    done = house.run("check", "--json", *(paths or ("inbox",)))
    assert "Traceback" not in done.stderr
    return [p for s in json.loads(done.stdout)["submissions"] for p in s["problems"]]


def codes(house: House) -> set[str]:
    return {problem["code"] for problem in problems(house)}


def test_a_sound_submission_is_ok_and_nothing_is_written(house: House) -> None:
    house.submission("note")
    before = sorted(path for path in house.path.rglob("*"))
    done = house.run("check", "--json", "inbox")
    assert done.returncode == 0
    assert json.loads(done.stdout)["submissions"][0]["state"] == "ok"
    assert sorted(path for path in house.path.rglob("*")) == before


def test_everything_wrong_with_a_submission_is_told_at_once(house: House) -> None:
    folder = house.submission("note", record="date: banana\nsource: AMSZ, 30/87, w. 5\n")
    scan = folder / "scans" / "0001r.tif"
    scan.write_bytes(scan.read_bytes()[:500])
    (folder / "checksum.sha256").write_text(f"{'0' * 64}  transcription/pl/0001.txt\n")
    assert codes(house) >= {
        "title-missing",
        "date-unreadable",
        "damaged-file",
        "checksum-mismatch",
    }
    assert house.run("check", "inbox").returncode == 1


def test_an_empty_submission_says_what_belongs_into_it(house: House) -> None:
    folder = house.submission("note")
    for path in [p for p in folder.rglob("*") if p.is_file() and p.name != "record.yaml"]:
        path.unlink()
    assert "empty-submission" in codes(house)


def test_a_submission_without_a_sidecar_is_told_what_to_write(house: House) -> None:
    (house.submission("note") / "record.yaml").unlink()
    [problem] = [p for p in problems(house) if p["code"] == "sidecar-missing"]
    assert 'source: "AMSZ, Department II, 30/87, w. 5"' in problem["remedy"]


def test_yaml_that_does_not_parse_is_shown_with_its_line(house: House) -> None:
    house.submission("note", record='title: "never closed\ndate: 1984\n')
    [problem] = [p for p in problems(house) if p["code"] == "sidecar-unreadable"]
    assert "line" in problem["message"]


def test_a_scan_of_0_bytes_is_refused(house: House) -> None:
    (house.submission("note") / "scans" / "0002r.tif").touch()
    assert "empty-file" in codes(house)


def test_a_link_out_of_the_inbox_is_refused_and_not_followed(house: House) -> None:
    secret = house.path / "secret.tif"
    secret.write_bytes(b"not to be read")
    (house.submission("note") / "scans" / "0002r.tif").symlink_to(secret)
    assert "symlink" in codes(house)


def test_two_names_that_are_one_after_nfc_are_refused(house: House) -> None:
    scans = house.submission("note") / "scans"
    for form in ("NFC", "NFD"):
        (scans / unicodedata.normalize(form, "ósma.txt")).write_text("x")
    assert "name-twins" in codes(house)


def test_names_that_differ_only_in_case_are_refused(house: House) -> None:
    scans = house.submission("note") / "scans"
    (scans / "0001R.tif").write_bytes((scans / "0001r.tif").read_bytes())
    assert "name-twins" in codes(house)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(house: House) -> None:
    (house.submission("note") / "scans" / "0001r.tif").chmod(0)
    assert "unreadable-file" in codes(house)


def test_a_delivery_that_changed_just_now_is_held(house: House) -> None:
    house.submission("note")
    (house.inbox / "delivery" / "_READY").unlink()
    done = house.run("check", "--json", "inbox")
    assert json.loads(done.stdout)["submissions"][0]["state"] == "held"
    assert done.returncode == 0


def test_an_open_word_document_holds_the_submission(house: House) -> None:
    (house.submission("note") / "~$dokument.docx").write_bytes(b"x")
    assert "open-elsewhere" in codes(house)


@pytest.mark.parametrize("style", ["{digest}  {name}\n", "{digest} *./{name}\n"])
def test_delivered_checksums_that_agree_are_no_problem(house: House, style: str) -> None:
    import hashlib

    folder = house.submission("note")
    lines = [
        style.format(
            digest=hashlib.sha256(path.read_bytes()).hexdigest(), name=path.relative_to(folder)
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "checksum.sha256").write_text("".join(lines))
    assert not codes(house)


def test_a_checksum_file_of_the_delivery_is_heeded(house: House) -> None:
    house.submission("note")
    line = f"MD5 (note/scans/0001r.tif) = {'0' * 32}\n"
    (house.inbox / "delivery" / "checksum.md5").write_text(line)
    assert "checksum-mismatch" in codes(house)


def test_a_checksum_line_that_points_outside_is_refused(house: House) -> None:
    folder = house.submission("note")
    (folder / "checksum.sha256").write_text(f"{'0' * 64}  ../../../etc/passwd\n")
    [problem] = [p for p in problems(house) if p["code"] == "name-unsafe"]
    assert (problem["path"], problem["field"]) == ("checksum.sha256", "line 1")
    assert "'../../../etc/passwd'" in problem["message"]


def test_a_word_document_is_recognised_however_it_was_packed(house: House) -> None:
    from docx import Document

    target = house.submission("note") / "translation" / "en"
    target.mkdir(parents=True)
    Document().save(str(target / "document.docx"))
    assert "format-unexpected" not in codes(house)


def test_a_loose_file_beside_the_documents_is_not_overlooked(house: House) -> None:
    house.submission("note")
    (house.inbox / "delivery" / "list.pdf").write_bytes(b"%PDF-")
    assert "loose-file" in codes(house)


def test_a_path_that_is_not_there_is_wrong_usage(house: House) -> None:
    done = house.run("check", "inbox/nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
