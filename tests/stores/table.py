"""What each store can and cannot prove, asked of the servers that can be had here.

python -m tests.stores.table [SERVER…]      prints the table of docs/stores.md
python -m tests.stores.table --short …      that of the README
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services import ceph, versitygw
from tests.services.ceph import Ceph
from tests.services.ministack import Ministack
from tests.services.openstack import Swift
from tests.services.running import Service
from tests.services.versitygw import Versitygw
from tests.stores import measured_locks as locks
from tests.stores import measured_puts as puts
from tests.stores.bench import Bench
from wiazka.evidence import Grade

TITLES = {
    "versitygw": "versitygw 1.8",
    "swift": "Swift 2.38",
    "ceph": "Ceph RGW 16.2",
    "ministack": "ministack 1.5 (emulator)",
}
KINDS: dict[str, type[Service]] = {kind.name: kind for kind in (Versitygw, Swift, Ceph, Ministack)}


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and how a server is asked; a ``short`` one is in the README, too."""

    title: str
    ask: Callable[[Bench], bool | Grade]
    short: bool = False

    def answer(self, bench: Bench) -> str:
        """What stands in the table."""
        seen = self.ask(bench)
        if isinstance(seen, Grade):
            return f"`{seen.value}`"
        return "yes" if seen else "**no**"


ROWS = (
    Row(
        "refuses a wrong SHA-256 (`x-amz-checksum-sha256`)",
        puts.refuses_a_wrong_checksum,
        short=True,
    ),
    Row("refuses a body other than the signed one", puts.refuses_a_wrong_payload, short=True),
    Row("tells the SHA-256 that it kept", puts.returns_the_digest, short=True),
    Row("checks and tells the CRC64NVME of what came in parts", puts.checks_the_whole_of_parts),
    Row("refuses a put to a taken key (`If-None-Match: *`)", puts.refuses_a_taken_key),
    Row("of several such puts at once, one wins", puts.refuses_a_second_put, short=True),
    Row("refuses to complete parts to a taken key", puts.refuses_parts_to_a_taken_key),
    Row("keeps versions", locks.keeps_versions, short=True),
    Row("Object Lock: nobody can delete it before its time", locks.locks, short=True),
    Row("Object Lock asked for with an object in parts", locks.locks_what_comes_in_parts),
    Row("Object Lock put on afterwards", locks.locks_afterwards),
    Row("legal hold", locks.holds),
    Row("refuses a wrong secret", locks.refuses_a_wrong_secret, short=True),
    Row("a bucket's policy limits what a user may do", locks.limits_a_user, short=True),
    Row("keeps the key `a` beside `a/b`", puts.keeps_a_key_beside_those_below_it),
    Row("what it answered for is there after `kill -9`", locks.survives_a_kill),
    Row("**wiazka takes a new copy for stored on the grade**", puts.grade, short=True),
    Row("**… one sent in parts**", puts.grade_of_parts, short=True),
)


def answers_of(service: Service, rows: Iterable[Row] = ROWS) -> list[str]:
    """The column of a server."""
    bench = Bench(service)
    return [row.answer(bench) for row in rows]


def absent(name: str) -> str | None:
    """Why a server cannot be had here, where it cannot."""
    if name == "versitygw" and not versitygw.PROGRAM.exists():
        return versitygw.ABSENT
    if name == "ceph" and not ceph.installed():
        return ceph.ABSENT
    return None


def markdown(columns: dict[str, Sequence[str]], rows: Sequence[Row]) -> str:
    """The table; a column is a server's answers to ``rows``."""
    lines = [["", *(TITLES[name] for name in columns)], ["---"] * (len(columns) + 1)]
    lines += [
        [row.title, *(column[number] for column in columns.values())]
        for number, row in enumerate(rows)
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def read_column(page: str, name: str, rows: Sequence[Row]) -> list[str]:
    """What a page with such a table says of a server; fails where a row is not there."""
    cells = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in page.splitlines()
        if line.startswith("|")
    ]
    [head] = (line for line in cells if TITLES[name] in line)
    by_title = {line[0]: line for line in cells}
    return [by_title[row.title][head.index(TITLES[name]) + 1] for row in rows]


def main(arguments: list[str]) -> None:
    rows = [row for row in ROWS if row.short or "--short" not in arguments]
    columns = {}
    for name in [name for name in arguments if not name.startswith("-")] or TITLES:
        if reason := absent(name):
            print(reason, file=sys.stderr)
            continue
        print(f"{name}…", file=sys.stderr)
        with tempfile.TemporaryDirectory() as data, KINDS[name](Path(data)) as service:
            columns[name] = answers_of(service, rows)
    print(markdown(columns, rows), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
