"""What a store says it can do is what it is seen to do, and so is what the docs say of it."""

from pathlib import Path

import pytest

from tests.services.running import Service
from tests.stores import measured_locks as locks
from tests.stores import measured_puts as puts
from tests.stores.bench import Bench
from tests.stores.kinds import new_place, open_on
from tests.stores.table import ROWS, answers_of, read_column

REPO = Path(__file__).parents[2]


@pytest.fixture
def bench(service: Service) -> Bench:
    """The server, and a plain client to it."""
    return Bench(service)


def test_a_store_says_whether_it_refuses_other_bytes_than_those_declared(bench: Bench) -> None:
    refuses = puts.refuses_a_wrong_checksum(bench) or puts.refuses_a_wrong_payload(bench)
    assert new_place(bench.service).capabilities().refuses_wrong_bytes == refuses


def test_a_store_says_whether_it_tells_the_digest_that_it_kept(bench: Bench) -> None:
    tells = puts.returns_the_digest(bench)
    assert new_place(bench.service).capabilities().returns_digest == tells


def test_a_store_says_whether_it_refuses_a_second_put(bench: Bench) -> None:
    refuses = puts.refuses_a_taken_key(bench)
    assert new_place(bench.service).capabilities().conditional_put == refuses


def test_a_store_says_no_more_than_is_true_of_what_comes_in_parts(bench: Bench) -> None:
    claimed = new_place(bench.service).capabilities().whole_crc
    assert claimed <= puts.checks_the_whole_of_parts(bench)


@pytest.mark.parametrize("versioning", [True, False])
def test_a_store_says_no_more_than_is_true_of_versions(bench: Bench, versioning: bool) -> None:  # noqa: FBT001
    bucket = bench.new_bucket(versioning=versioning)
    claimed = open_on(bench.service, bucket).capabilities().keeps_versions
    assert claimed <= (versioning and locks.keeps_versions(bench))


@pytest.mark.parametrize("lock", [True, False])
def test_a_store_says_no_more_than_is_true_of_locks(bench: Bench, lock: bool) -> None:  # noqa: FBT001
    if lock and not locks.locks(bench):
        lock = False
    bucket = bench.new_bucket(lock=lock)
    assert open_on(bench.service, bucket).capabilities().locks <= lock


@pytest.fixture(scope="session")
def columns() -> dict[str, list[str]]:
    """What was measured, once for both pages."""
    return {}


@pytest.mark.parametrize("page", ["README.md", "docs/stores.md"])
def test_the_table_of_stores_tells_what_is_measured(
    page: str, service: Service, columns: dict[str, list[str]]
) -> None:
    if service.name not in columns:
        columns[service.name] = answers_of(service)
    rows = [row for row in ROWS if row.short or page != "README.md"]
    measured = [
        answer for row, answer in zip(ROWS, columns[service.name], strict=True) if row in rows
    ]
    told = read_column((REPO / page).read_text("utf-8"), service.name, rows)
    assert told == measured, "make table prints what is measured"


def test_a_table_that_tells_something_else_is_seen() -> None:
    page = (REPO / "README.md").read_text("utf-8")
    rows = [row for row in ROWS if row.short]
    before = read_column(page, "ceph", rows)
    title = rows[0].title
    [line] = (line for line in page.splitlines() if line.startswith(f"| {title} |"))
    other = page.replace(line, line.replace("**no**", "yes"))
    assert read_column(other, "ceph", rows) != before
