"""Two documents of one delivery that would be one package are told, and neither is taken."""

import json

import pytest

from tests.conftest import RECORD, House


def codes(shown: str, kind: str) -> dict[str, tuple[str, list[str]]]:
    """State and codes of each folder, of ``check --json`` or ``ingest --json``."""
    answer = json.loads(shown)
    found = answer["submissions"] if kind == "check" else answer["deliveries"][0]["submissions"]
    return {
        one["folder"]: (one["state"], [problem["code"] for problem in one["problems"]])
        for one in found
    }


def packages(house: House) -> list[str]:
    answer = json.loads(house.run("list", "--json").stdout)
    return [f"{one['id']} v{one['version']}" for one in answer["packages"]]


@pytest.mark.parametrize("command", ["check", "ingest"])
@pytest.mark.parametrize(
    ("first", "second", "record_ids"),
    [("a b", "a-b", (None, None)), ("one", "two", ("115717", "115717"))],
)
def test_two_documents_of_one_identity_are_both_refused(
    house: House, command: str, first: str, second: str, record_ids: tuple[str | None, str | None]
) -> None:
    for name, record_id in zip((first, second), record_ids, strict=True):
        house.submission(name, record=_with(record_id))
    house.submission("another")
    told = codes(house.run(command, "--json", "inbox").stdout, command)
    assert told[first] == told[second] == ("refused", ["identity-twice"])
    assert told["another"][0] in ("ok", "registered")


def test_one_document_of_two_is_told_when_it_is_taken_alone(house: House) -> None:
    folder = house.submission("a b")
    house.submission("a-b")
    told = codes(house.run("check", "--json", str(folder)).stdout, "check")
    assert told == {"a b": ("refused", ["identity-twice"])}


def test_a_record_id_of_its_own_mends_it(house: House) -> None:
    house.submission("a b")
    folder = house.submission("a-b")
    assert house.run("ingest").returncode == 1
    assert packages(house) == []
    (folder / "record.yaml").write_text(_with("a-b-2"), encoding="utf-8")
    assert house.run("ingest").returncode == 0
    assert packages(house) == ["main/a-b v1", "main/a-b-2 v1"]


def test_a_record_id_in_one_of_them_says_that_it_is_a_version_of_the_other(house: House) -> None:
    house.submission("a b", record=_with("a-b"))
    house.submission("a-b")
    assert house.run("ingest").returncode == 0
    assert packages(house) == ["main/a-b v2"]


def test_the_same_document_twice_is_held_once(house: House) -> None:
    folder = house.submission("a b")
    other = house.submission("a-b")
    for path in folder.rglob("*.t*"):
        (other / path.relative_to(folder)).write_bytes(path.read_bytes())
    assert house.run("ingest").returncode == 0
    assert packages(house) == ["main/a-b v1"]


def test_a_new_version_from_a_folder_of_another_name_is_warned_of(house: House) -> None:
    house.submission("a b", "first")
    assert house.run("ingest").returncode == 0
    house.submission("a-b", "second")
    told = codes(house.run("check", "--json", "inbox/second").stdout, "check")
    assert told["a-b"] == ("ok", ["new-version", "new-version-renamed"])


def test_a_new_version_is_not_warned_of_where_name_or_record_say_it(house: House) -> None:
    house.submission("a b", "first")
    assert house.run("ingest").returncode == 0
    changed = house.submission("a b", "second")
    (changed / "transcription/pl/0001.txt").write_text("Poprawiony odpis.", encoding="utf-8")
    house.submission("anew", "third", record=_with("a-b"))
    for delivery, folder in (("second", "a b"), ("third", "anew")):
        told = codes(house.run("check", "--json", f"inbox/{delivery}").stdout, "check")
        assert told[folder] == ("ok", ["new-version"])


def _with(record_id: str | None) -> str:
    return RECORD + (f'record_id: "{record_id}"\n' if record_id else "")
