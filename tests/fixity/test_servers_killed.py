"""Servers of stores that are killed in the middle of an audit or a repair, and started again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import House
from tests.fixity.holding import InBucket
from tests.repair.houses import NOTE, run, states
from tests.services import versitygw as versitygw_service
from tests.services.versitygw import Versitygw
from wiazka.stores.s3 import S3Bucket
from wiazka.stores.s3_replacement import S3Replacement

STORES = ("near", "far")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, Versitygw]]:
    """A server of its own for each of two stores: those of the other tests go on."""
    if not versitygw_service.PROGRAM.exists():
        pytest.skip(versitygw_service.ABSENT)
    with ExitStack() as running:
        yield {name: running.enter_context(Versitygw(tmp_path / name)) for name in STORES}


@pytest.fixture
def house(servers: dict[str, Versitygw], make_house: Callable[[str], House]) -> House:
    """Four documents in a directory and in two buckets."""
    config = '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    for name, server in servers.items():
        server.let_in(name)
        server.make_bucket("kept", versioning=True)
        config += (
            f'[stores.{name}]\nkind = "s3"\nbucket = "kept"\nendpoint = "{server.endpoint}"\n'
            'region = "us-east-1"\nattempts = 1\n'
        )
    house = make_house(config)
    for name in ("note", "other", "third", "fourth"):
        house.submission(name)
    assert run(house, "ingest", str(house.inbox))[0] == 0
    return house


def killing(
    monkeypatch: pytest.MonkeyPatch, kind: type[S3Bucket], step: str, nth: int, *killed: Versitygw
) -> None:
    """``kill -9`` of servers just before that step of any store is made the nth time."""
    act, calls = getattr(kind, step), iter(range(1, 1_000_000))

    def at_last(*arguments: Any) -> Any:
        if next(calls) == nth:
            for server in killed:
                server.kill()
        return act(*arguments)

    monkeypatch.setattr(kind, step, at_last)


def incidents(house: House, *options: str) -> list[tuple[str, str, str]]:
    told = run(house, "incident", "list", *options)[1]["incidents"]
    return sorted((one["store"], one["outcome"], one["state"]) for one in told)


def test_killed_in_an_audit_each_is_one_incident_and_the_next_look_closes_it(
    house: House, servers: dict[str, Versitygw], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        killing(patch, S3Bucket, "hashed", 20, *servers.values())
        code, told = run(house, "audit")
    assert code == 3
    assert {(f["store"], f["outcome"], f["id"], f["path"]) for f in told["findings"]} == {
        (name, "throttled", None, "") for name in STORES
    }
    open_ = [("far", "throttled", "open"), ("near", "throttled", "open")]
    assert incidents(house) == open_
    # Still away: no second incident.
    assert run(house, "audit")[0] == 3
    assert incidents(house, "--all") == open_
    servers["near"].start()
    assert run(house, "audit")[0] == 3
    assert incidents(house) == [("far", "throttled", "open")]
    servers["far"].start()
    code, told = run(house, "audit")
    assert (code, told["findings"], told["checked"]) == (0, [], 12)
    assert [state for *_, state in incidents(house, "--all")] == ["closed", "closed"]


def test_killed_in_a_repair_nothing_is_accused_but_what_was_and_the_next_ends_it(
    house: House, servers: dict[str, Versitygw], monkeypatch: pytest.MonkeyPatch
) -> None:
    far = servers["far"]
    tools = InBucket(far, "s3://kept")
    found = far.client().list_objects_v2(Bucket="kept", Prefix=f"{NOTE}/")["Contents"]
    sound = {one["Key"]: tools.read(one["Key"]) for one in found}
    for key in sound:
        tools.delete(key)
    code, told = run(house, "audit", "--store", "far")
    assert (code, {(f["outcome"], f["id"]) for f in told["findings"]}) == (
        1,
        {("missing", "main/note")},
    )
    with monkeypatch.context() as patch:
        killing(patch, S3Replacement, "put_back", 4, far)
        code, report = repair_of(house)
    assert (code, states(report)) == (3, {"far": "failed"})
    assert report["copies"][0]["fault"]["code"] == "store-unavailable"
    assert [one for one in incidents(house) if one[1] != "throttled"] == [
        ("far", "missing", "open")
    ]
    far.start()
    assert repair_of(house)[0] == 0
    assert {key: tools.read(key) for key in sound} == sound
    assert run(house, "audit")[0] == 0
    assert incidents(house) == []


def repair_of(house: House) -> tuple[int, dict[str, Any]]:
    return run(house, "repair", "note", "--store", "far")
