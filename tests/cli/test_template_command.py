"""`wiazka template`: to a pipe or a new file, and never over one that is there."""

import io
import json

import openpyxl
import pytest

from tests.conftest import House


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_template_handed_in_as_it_is_makes_a_sound_delivery(house: House, lang: str) -> None:
    for form in ("csv", "xlsx"):
        folder = house.submission("1984-06-04_AMSZ_30-87_w5", delivery=f"by-{form}")
        (folder / "record.yaml").unlink()
        table = folder.parent / f"records.{form}"
        done = house.run("template", "--format", form, "--lang", lang, "--to", str(table))
        assert (done.returncode, done.stdout) == (0, "")
        checked = house.run("check", "--json", f"inbox/by-{form}")
        assert checked.returncode == 0, checked.stdout
        assert [one["problems"] for one in json.loads(checked.stdout)["submissions"]] == [[]]


def test_a_file_that_is_there_is_not_overwritten(house: House) -> None:
    there = house.path / "record.yaml"
    there.write_text("mine", "utf-8")
    done = house.run("template", "--to", str(there))
    assert (done.returncode, there.read_text("utf-8")) == (2, "mine")
    assert "not overwritten" in done.stderr


def test_a_workbook_goes_to_a_pipe_but_not_to_a_terminal(house: House) -> None:
    import os
    import pty
    import subprocess

    command = house.command("template", "--format", "xlsx")
    piped = subprocess.run(command, capture_output=True, cwd=house.path)
    assert openpyxl.load_workbook(io.BytesIO(piped.stdout)).sheetnames[0] == "records"
    outer, inner = pty.openpty()
    shown = subprocess.run(command, stdout=inner, stderr=subprocess.PIPE, cwd=house.path)
    os.close(inner)
    os.close(outer)
    assert shown.returncode == 2
    assert b"--to records.xlsx" in shown.stderr


def test_the_template_is_there_as_json_too(house: House) -> None:
    told = json.loads(house.run("template", "--lang", "pl", "--json").stdout)
    assert told["lang"] == "pl"
    assert "sygnatura:" in told["template"]
