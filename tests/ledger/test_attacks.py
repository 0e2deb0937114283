"""What is done to a ledger behind its back, by whom, and how `wiazka log verify` names it.

Each attack is made with care: chains, counts and checkpoints are made anew as an attacker would.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import House
from wiazka.catalogue import merkle
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.chain import ORIGIN, Link, digest, link_of_line
from wiazka.cli.main import wiazka
from wiazka.ledger.checkpoints import make_checkpoint
from wiazka.ledger.note import Checkpoint, checkpoint_of
from wiazka.ledger.signing import SigningKey, new_key, signing_key
from wiazka.settings import load
from wiazka.settings_of_fixity import LedgerSettings

NAME = "archive.example.org/ledger"
Told = list[tuple[str, int]]


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two stores, a signing key, two ingests and an audit between; the first checkpoint is kept."""
    house = House(tmp_path_factory.mktemp("signing"))
    key = tmp_path_factory.mktemp("keys") / "checkpoint.key"
    new_key(key, NAME)
    house.config.write_text(
        '[stores.disk]\nkind = "directory"\npath = "disk"\n'
        '[stores.nas]\nkind = "directory"\npath = "nas"\n'
        f'[ledger]\norigin = "{NAME}"\nsigning_key = "{key}"\n',
        "utf-8",
    )
    house.submission("note")
    assert house.run("ingest").returncode == 0
    with sqlite3.connect(database(house)) as now:
        now.backup(sqlite3.connect(house.path / "older.sqlite"))
    house.submission("other", delivery="second")
    assert house.run("ingest", "inbox/second").returncode == 0
    (house.path / "published.txt").write_text(house.run("log", "checkpoint").stdout, "utf-8")
    return house


@pytest.fixture
def house(signing: House, tmp_path: Path) -> House:
    shutil.copytree(signing.path, tmp_path / "house")
    return House(tmp_path / "house")


def database(house: House) -> Path:
    return house.path / "wiazka-home/catalogue.sqlite"


def verify(house: House, *more: str) -> tuple[int, Told, str]:
    """The exit code, the faults as (kind, event), and all of what is said."""
    done = CliRunner().invoke(
        wiazka,
        ["log", "verify", "--json", "--config", str(house.config), *more],
        standalone_mode=False,
    )
    assert done.exception is None, done.exception
    told = json.loads(done.stdout)
    faults = [(fault["kind"], fault["seq"]) for fault in told["faults"]]
    return done.return_value, faults, done.stdout


def links(house: House) -> list[Link]:
    with Catalogue.open(load(house.config).catalogue_url) as catalogue:
        return list(catalogue.links())


def chained(told: Iterable[Link]) -> list[Link]:
    """Events as a chain from the beginning, whatever they were before."""
    previous, done = ORIGIN, []
    for seq, link in enumerate(told, start=1):
        row = asdict(replace(link, seq=seq, previous=previous))
        del row["hash"]
        previous = digest(row)
        done.append(Link(**row, hash=previous))
    return done


def write_catalogue(house: House, told: list[Link]) -> None:
    """Put events in the place of all in the database, count and tree too."""
    with sqlite3.connect(database(house)) as connection:
        connection.execute("DELETE FROM event")
        connection.execute("DELETE FROM tree")
        columns = ", ".join(f":{name}" for name in Link.__dataclass_fields__)
        names = ", ".join(Link.__dataclass_fields__)
        connection.executemany(
            f"INSERT INTO event ({names}) VALUES ({columns})",  # noqa: S608
            [asdict(link) for link in told],
        )
        connection.execute("UPDATE ledger SET count = ?, hash = ?", (len(told), told[-1].hash))


def write_store(house: House, name: str, told: list[Link], key: SigningKey | None) -> None:
    """Put events and one checkpoint in the place of all that a store keeps of the ledger."""
    folder = house.path / name / "ledger"
    shutil.rmtree(folder)
    (folder / "checkpoints").mkdir(parents=True)
    lines = "".join(link.line + "\n" for link in told)
    (folder / f"000000000001-{len(told):012d}.jsonl").write_text(lines, "utf-8")
    bare = Checkpoint(NAME, len(told), root_of(told))
    made = key.sign(bare) if key else bare
    (house.path / name / made.key).write_text(made.text, "utf-8")


def write_own_checkpoints(house: House, told: list[Link]) -> None:
    with sqlite3.connect(database(house)) as connection:
        connection.execute("DELETE FROM checkpoint")
    assert told


def root_of(told: Iterable[Link]) -> bytes:
    growing = merkle.Growing()
    for link in told:
        growing.add(merkle.leaf(link.line.encode()))
    return growing.root


def edited(told: list[Link]) -> list[Link]:
    return chained([*told[:2], replace(told[2], sentence="Nothing happened."), *told[3:]])


def removed(told: list[Link]) -> list[Link]:
    return chained([*told[:2], *told[3:]])


def inserted(told: list[Link]) -> list[Link]:
    return chained([*told[:2], replace(told[2], sentence="One more."), *told[2:]])


def moved(told: list[Link]) -> list[Link]:
    return chained([*told[:2], told[3], told[2], *told[4:]])


ALTERED = [edited, removed, inserted, moved]


def test_an_honest_ledger_is_well_and_says_what_vouches_for_it(house: House) -> None:
    code, faults, said = verify(house, "--checkpoint", str(house.path / "published.txt"))
    assert (code, faults) == (0, [])
    places = {one["where"]: one for one in json.loads(said)["checkpoints"]}
    for where in ("store 'disk'", "store 'nas'", "the catalogue"):
        assert places[where]["checkpoints"] == 2
        assert places[where]["last"] == places[where]["last_signed"] == len(links(house))


@pytest.mark.parametrize("alter", ALTERED)
def test_a_database_rewritten_whole_shows_by_every_store(
    house: House, alter: Callable[[list[Link]], list[Link]]
) -> None:
    write_catalogue(house, alter(links(house)))
    code, faults, said = verify(house)
    assert code == 1
    assert faults.count(("rewritten", 3)) == 2, "each store's events differ from the third on"
    assert ("swapped", 1) in faults, "the first checkpoint is of more events than two"
    assert "store 'disk', store 'nas'" in said


@pytest.mark.parametrize("alter", ALTERED)
def test_events_after_a_checkpoint_that_were_rewritten_are_placed_after_it(
    house: House, alter: Callable[[list[Link]], list[Link]]
) -> None:
    told = links(house)
    first = min(made_counts(house))
    kept, later = told[:first], told[first:]
    assert len(later) > 4
    altered = alter([later[0], later[1], *later[2:]])
    write_catalogue(house, chained([*kept, *altered]))
    code, faults, _ = verify(house)
    assert code == 1
    assert ("rewritten", first + 3) in faults, "by the events in the stores"
    fewer = ("removed", len(told)) if alter is removed else ("rewritten", first + 1)
    assert fewer in faults, "by the checkpoints, between two of them or after the last"


def made_counts(house: House) -> list[int]:
    folder = house.path / "disk/ledger/checkpoints"
    return [int(path.name[:12]) for path in folder.iterdir()]


def test_the_last_events_taken_off_show(house: House) -> None:
    told = links(house)[:-1]
    write_catalogue(house, told)
    code, faults, _ = verify(house)
    assert code == 1
    assert set(faults) == {("removed", len(told) + 1)}


def test_an_older_backup_in_its_place_shows(house: House) -> None:
    with sqlite3.connect(house.path / "older.sqlite") as older:
        older.backup(sqlite3.connect(database(house)))
    count = len(links(house))
    code, faults, said = verify(house)
    assert code == 1
    assert set(faults) == {("removed", count + 1)}
    assert "an older backup" in said


def test_another_archives_database_in_its_place_shows(house: House, tmp_path: Path) -> None:
    other = House(tmp_path / "other")
    other.inbox.mkdir(parents=True)
    other.config.write_text('[stores.disk]\nkind = "directory"\npath = "disk"\n', "utf-8")
    for name in ("a", "b", "c"):
        other.submission(name)
    assert other.run("ingest").returncode == 0
    shutil.rmtree(house.path / "wiazka-home")
    shutil.copytree(other.path / "wiazka-home", house.path / "wiazka-home")
    code, faults, said = verify(house)
    assert code == 1
    assert {("rewritten", 1), ("swapped", 1)} <= set(faults)
    assert "it is another database" in said


def test_one_stores_events_and_checkpoints_rewritten_show_by_the_catalogue(house: House) -> None:
    write_store(house, "nas", edited(links(house)), SigningKey(NAME, bytes(32)))
    code, faults, said = verify(house)
    assert code == 1
    assert ("rewritten", 3) in faults
    assert ("forged", len(links(house))) in faults
    assert "which is not this archive's" in said
    assert "store 'disk'" not in "".join(fault["sentence"] for fault in json.loads(said)["faults"])


def test_one_checkpoint_changed_among_right_ones_is_told_to_be_changed(house: House) -> None:
    first = min((house.path / "disk/ledger/checkpoints").iterdir())
    told = checkpoint_of(first.read_text("utf-8"))
    first.write_text(replace(told, root=hashlib.sha256(b"x").digest()).text, "utf-8")
    code, faults, said = verify(house)
    assert (code, set(faults)) == (1, {("forged", told.count)})
    assert "has a wrong signature" in said
    assert "was changed: that of" in said


def test_a_checkpoint_that_is_none_any_more_shows(house: House) -> None:
    first = min((house.path / "disk/ledger/checkpoints").iterdir())
    first.write_text("nothing", "utf-8")
    code, [(kind, _)], said = verify(house)
    assert (code, kind) == (1, "forged")
    assert first.name in said


def test_database_and_every_store_rewritten_show_by_the_signatures(house: House) -> None:
    told = edited(links(house))
    write_catalogue(house, told)
    write_own_checkpoints(house, told)
    for name in ("disk", "nas"):
        write_store(house, name, told, SigningKey(NAME, bytes(32)))
    code, faults, _ = verify(house)
    assert code == 1
    assert set(faults) == {("forged", len(told))}


def test_rewritten_without_any_signature_shows_where_one_is_asked_for(house: House) -> None:
    key = signing_key(load(house.config).ledger)
    assert key is not None
    told = edited(links(house))
    write_catalogue(house, told)
    write_own_checkpoints(house, told)
    for name in ("disk", "nas"):
        write_store(house, name, told, None)
    code, faults, _ = verify(house, "--key", key.verifier.line)
    assert (code, {kind for kind, _ in faults}) == (1, {"forged"})


def test_all_rewritten_and_signed_with_the_stolen_key_shows_by_a_published_checkpoint(
    house: House,
) -> None:
    told = edited(links(house))
    write_catalogue(house, told)
    write_own_checkpoints(house, told)
    for name in ("disk", "nas"):
        write_store(house, name, told, signing_key(load(house.config).ledger))
    # This is what can be hidden from who has nothing that lies elsewhere.
    assert verify(house)[:2] == (0, [])
    code, faults, said = verify(house, "--checkpoint", str(house.path / "published.txt"))
    assert code == 1
    assert {("swapped", 1), ("forked", len(told))} == set(faults)
    assert "published.txt" in said


def test_two_catalogues_that_went_on_from_one_are_a_fork(house: House, tmp_path: Path) -> None:
    twin = House(tmp_path / "twin")
    shutil.copytree(house.path, twin.path)
    # Each can reach one store only.
    for one, away in ((house, "nas"), (twin, "disk")):
        shutil.move(one.path / away, one.path / "away")
        with Catalogue.open(load(one.config).catalogue_url) as catalogue:
            with catalogue.tree.database.write() as connection:
                from wiazka.catalogue import ledger
                from wiazka.catalogue.model import EventKind, EventOutcome

                ledger.append(connection, EventKind.FOUND, EventOutcome.SUCCESS, f"In {one.path}.")
            from wiazka.ledger.keeping import keep_ledger
            from wiazka.stores.opening import open_stores

            settings = load(one.config)
            keep_ledger(catalogue, open_stores(settings), settings.ledger)
    shutil.rmtree(house.path / "away")
    shutil.move(twin.path / "nas", house.path / "nas")
    code, faults, said = verify(house)
    assert code == 1
    assert ("forked", len(links(house))) in faults
    assert ("rewritten", len(links(house))) in faults
    assert "two catalogues have gone on from one history" in said


def test_a_former_key_is_known_once_it_is_named(house: House) -> None:
    own = signing_key(load(house.config).ledger)
    assert own is not None
    other = house.path / "next.key"
    new_key(other, NAME)
    text = house.config.read_text("utf-8")
    begin = text.index("signing_key")
    house.config.write_text(f'{text[:begin]}signing_key = "{other}"\n', "utf-8")
    code, faults, _ = verify(house)
    assert (code, {kind for kind, _ in faults}) == (1, {"forged"})
    with house.config.open("a", encoding="utf-8") as more:
        more.write(f'former_keys = ["{own.verifier.line}"]\n')
    assert verify(house)[:2] == (0, [])


def test_another_program_computes_the_root_from_the_segments_alone(house: House) -> None:
    leaves = [
        hashlib.sha256(b"\0" + line).digest()
        for path in sorted((house.path / "disk/ledger").glob("*.jsonl"))
        for line in path.read_bytes().removesuffix(b"\n").split(b"\n")
    ]

    def tree(of: list[bytes]) -> bytes:
        if len(of) == 1:
            return of[0]
        k = 1 << (len(of) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + tree(of[:k]) + tree(of[k:])).digest()

    told = checkpoint_of((house.path / "published.txt").read_text("utf-8"))
    assert (told.count, told.root) == (len(leaves), tree(leaves))
    assert [link_of_line(link.line.encode()) for link in links(house)] == links(house)
    with Catalogue.open(load(house.config).catalogue_url) as catalogue:
        again = make_checkpoint(catalogue, LedgerSettings(origin=NAME))
    assert again is not None
    assert again[0].root == told.root
