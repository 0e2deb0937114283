"""Houses with two stores, damage done to one of them, and the repair run in this process."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.conftest import House
from wiazka.cli.main import wiazka
from wiazka.errors import WiazkaError

TWO = (
    '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    '[stores.nas]\nkind = "directory"\npath = "nas"\n'
)
NOTE = "packages/main/note/v1"
SCAN = "data/objects/scans/0001r.tif"


def run(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    """A command with --json, in this process: a new one for each would be most of the time."""
    done = CliRunner().invoke(
        wiazka, [*arguments, "--json", "--config", str(house.config)], standalone_mode=False
    )
    if isinstance(done.exception, WiazkaError):
        error = done.exception
        return error.exit_code, {"error": error.code, "message": f"{error} {error.hint}"}
    assert done.exception is None, done.exception
    return done.return_value, json.loads(done.stdout)


def repair(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    return run(house, "repair", "note", *arguments)


def mended(report: dict[str, Any]) -> dict[str, list[str]]:
    """The paths that were mended, by store."""
    found: dict[str, list[str]] = {}
    for copy in report["copies"]:
        for file in copy["files"]:
            if file["mended"]:
                found.setdefault(copy["store"], []).append(file["path"])
    return found


def states(report: dict[str, Any]) -> dict[str, str]:
    return {copy["store"]: copy["state"] for copy in report["copies"]}


def tree(store: Path, below: str = "packages") -> dict[str, bytes]:
    files = (path for path in (store / below).rglob("*") if path.is_file())
    return {str(path.relative_to(store)): path.read_bytes() for path in files}


def rot(path: Path) -> bytes:
    """Flip a bit; what is there then."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    return bytes(data)


def expected(house: House) -> list[tuple[Any, ...]]:
    """All that the catalogue expects, as it stands in the table."""
    with sqlite3.connect(house.path / "wiazka-home/catalogue.sqlite") as database:
        return sorted(database.execute("SELECT * FROM file").fetchall(), key=repr)


def events(house: House, kind: str = "repaired") -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = run(house, "log", "note")[1]["events"]
    return [event for event in told if event["kind"] == kind]


def all_well(house: House) -> bool:
    return run(house, "audit")[0] == 0 and run(house, "log", "verify")[0] == 0
