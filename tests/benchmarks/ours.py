"""wiazka's own part of ``make bench``, each of its two works in a process of its own.

``keep``: read and hash once, plan the bag, push it with proof, keep it in the catalogue: an ingest
without looking into formats and without a receipt. ``audit``: read every byte of the copy back.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from wiazka.bag.plan import content_digest
from wiazka.bag.push import push
from wiazka.evidence import Outcome, sha256_of_file
from wiazka.fixity.audit import run_audit
from wiazka.fixity.scope import Scope
from wiazka.ingest.desk import open_desk
from wiazka.ingest.package import bag_entries, package
from wiazka.intake.model import FileRole, SourceFile, Submission, Technical
from wiazka.intake.tree import Found, walk
from wiazka.record.model import Record
from wiazka.settings import load

IDENTITY = "main/corpus"


class Steps:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str):
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)


def read(found: Found) -> SourceFile:
    """One file, read once for its digest."""
    size, digest = sha256_of_file(found.path)
    return SourceFile(
        found.path,
        found.name,
        f"data/objects/{found.name}",
        FileRole.OBJECT,
        None,
        size,
        {"sha256": digest},
        Technical("application/octet-stream"),
    )


def keep(config: Path, corpus: Path) -> dict[str, object]:
    """Keep a corpus as one package; the seconds of each step, and the grade of its proof."""
    steps = Steps()
    with open_desk(load(config)) as desk:
        with steps.step("read and hash"):
            found = walk(corpus).files
            with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
                files = tuple(pool.map(read, found))
        with steps.step("plan, catalogue"):
            record = Record(title="A corpus")
            submission = Submission("corpus", "bench", corpus, record, files)
            content = content_digest(bag_entries(submission))
            now = datetime.now(UTC).replace(microsecond=0)
            version = desk.catalogue.begin_version(
                IDENTITY, content, now, "bench", "corpus", "A corpus"
            )
            bag = package(desk, submission, version)
        [store] = desk.stores.values()
        with steps.step("push, prove"):
            desk.roll.require(store)
            pushed = push(bag, store, version)
        with steps.step("register"):
            desk.catalogue.copy_stored(
                IDENTITY, version.number, store.name, pushed.grade, now, "Stored.", {}
            )
            desk.catalogue.register(IDENTITY, version.number, now, "Registered.")
    return {"grade": pushed.grade, "sent": pushed.sent, "steps": steps.seconds}


def audit(config: Path, _corpus: Path) -> dict[str, object]:
    """Read every byte of the copy back and compare."""
    outcomes: list[Outcome] = []
    with open_desk(load(config)) as desk:
        run_audit(
            desk.catalogue, desk.stores, Scope(), lambda check: outcomes.append(check.outcome)
        )
    assert outcomes == [Outcome.OK], outcomes
    return {"grade": Scope().grade}


if __name__ == "__main__":
    work = {"keep": keep, "audit": audit}[sys.argv[1]]
    print(json.dumps(work(Path(sys.argv[2]), Path(sys.argv[3]))))
