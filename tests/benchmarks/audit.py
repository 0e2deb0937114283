"""How fast an audit reads, beside raw hashing of the same files over the same transport.

Run: make bench-audit. Both ways in one run, taken in turns, with as many threads: only their ratio
means something. Large files and many small ones, in a directory and in a bucket of versitygw; all
of it in memory (/dev/shm) where there is room, so that no disk is measured.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measuring import machine
from tests.benchmarks.push import REPO, room
from tests.fixity.holding import Holding, OnDisk
from tests.services.versitygw import Versitygw
from wiazka.catalogue.catalogue import Catalogue
from wiazka.evidence import CHUNK, Grade
from wiazka.fixity.engine import AT_ONCE
from wiazka.fixity.scope import Scope
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import Store
from wiazka.stores.directory import DirectoryFiles
from wiazka.stores.layout import PACKAGES, ensure_marker
from wiazka.stores.s3 import open_bucket

GOAL, GOAL_MIB = 0.9, 200
out = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Packages of that many files of one size."""

    name: str
    packages: int
    files: int
    size: int


def corpora(scale: float) -> tuple[Corpus, ...]:
    return (
        Corpus("large files", max(1, round(4 * scale)), 4, 64 << 20),
        Corpus("small files", max(1, round(40 * scale)), 200, 16 << 10),
    )


def keep(holding: Holding, corpus: Corpus) -> None:
    ensure_marker(holding.store)
    for package in range(corpus.packages):
        seed = os.urandom(1 << 16)
        files = {
            f"{number:05}.tif": (b"%d %d " % (package, number) + seed * (corpus.size >> 16) + seed)[
                : corpus.size
            ]
            for number in range(corpus.files)
        }
        holding.keep(f"main/p{package}", 1, files)
        holding.bags.clear()


def raw(read: Callable[[str], int], keys: list[str]) -> int:
    """Hash every object with as many threads as an audit has; the bytes."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(read, keys))


def of_directory(root: Path) -> Callable[[str], int]:
    """As plainly as Python can: open, read, hash."""

    def read(key: str) -> int:
        hasher, size = hashlib.sha256(), 0
        with (root / key).open("rb", buffering=0) as stream:
            while piece := stream.read(CHUNK):
                hasher.update(piece)
                size += len(piece)
        hasher.hexdigest()
        return size

    return read


def of_store(store: Store) -> Callable[[str], int]:
    """A plain GET by the client that the audit has."""

    def read(key: str) -> int:
        hasher, size = hashlib.sha256(), 0
        with store.open(key) as stream:
            while piece := stream.read(CHUNK):
                hasher.update(piece)
                size += len(piece)
        hasher.hexdigest()
        return size

    return read


def timed(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def compare(corpus: Corpus, kind: str, holding: Holding, read: Callable[[str], int]) -> dict:
    """Raw hashing and the audit in turns; the medians of three, and their ratio."""
    keys = [info.key for info in holding.store.list(PACKAGES)]
    took: dict[str, list[float]] = {"raw": [], "audit": []}
    for _ in range(3):
        took["raw"].append(timed(lambda: raw(read, keys)))
        took["audit"].append(timed(lambda: _sound(holding)))
    seconds = {way: statistics.median(times) for way, times in took.items()}
    size = corpus.packages * corpus.files * corpus.size
    return {
        "corpus": corpus.name,
        "store": kind,
        "files": len(keys),
        "MiB": size >> 20,
        "raw_s": seconds["raw"],
        "audit_s": seconds["audit"],
        "ratio": seconds["raw"] / seconds["audit"],
    }


def _sound(holding: Holding) -> None:
    done = holding.audit(Scope(Grade.READ))
    assert not done.findings, done.findings[:3]


def main() -> None:
    """Measure, show, and keep the numbers under bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of both corpora")
    parser.add_argument("--only", choices=["directory", "versitygw"], help="one of the stores")
    parser.add_argument("--memory", nargs=2, metavar=("URL", "PATH"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        _memory(*asked.memory)
        return
    facts, results = machine(), []
    chosen = corpora(asked.scale)
    most = max(one.packages * one.files * one.size for one in chosen)
    with tempfile.TemporaryDirectory(dir=room(3 * most), prefix="wiazka-audit-") as name:
        for corpus in chosen:
            if asked.only in (None, "directory"):
                results.append(_in_directory(corpus, Path(name) / corpus.name[:5]))
            if asked.only in (None, "versitygw"):
                results.append(_in_bucket(corpus, Path(name) / f"gw-{corpus.name[:5]}"))
    _show(results)
    now = datetime.now(UTC)
    kept = REPO / "bench" / f"audit-{now:%Y%m%dT%H%M%SZ}.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps({"machine": facts, "results": results}, indent=2) + "\n")
    out.print(f"Kept as {kept.relative_to(REPO)}", style="dim")


def _in_directory(corpus: Corpus, folder: Path) -> dict:
    root = folder / "store"
    root.mkdir(parents=True)
    url = f"sqlite:///{folder}/catalogue.sqlite"
    with Catalogue.open(url) as catalogue:
        holding = Holding(catalogue, DirectoryFiles("disk", root), OnDisk(root))
        keep(holding, corpus)
        found = compare(corpus, "directory", holding, of_directory(root))
    command = [sys.executable, "-m", "tests.benchmarks.audit", "--memory", url, root]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {**found, "peak_MiB": int(done.stdout)}


def _in_bucket(corpus: Corpus, folder: Path) -> dict:
    with Versitygw(folder / "server") as server:
        server.make_bucket("audited")
        settings = S3Store(
            kind="s3", bucket="audited", endpoint=server.endpoint, region="us-east-1"
        )
        store = open_bucket(server.name, settings)
        with Catalogue.open(f"sqlite:///{folder}/catalogue.sqlite") as catalogue:
            holding = Holding(catalogue, store, OnDisk(folder))
            keep(holding, corpus)
            return compare(corpus, "versitygw", holding, of_store(store))


def _memory(url: str, path: str) -> None:
    """The most memory that an audit takes, in a process that does nothing else; in MiB."""
    with Catalogue.open(url) as catalogue:
        _sound(Holding(catalogue, DirectoryFiles("disk", Path(path)), OnDisk(Path(path))))
    # Not what getrusage tells: that begins with the most that the parent had when it forked.
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one]
    out.print(int(line.split()[1]) >> 10)


def _show(results: list[dict]) -> None:
    table = Table(title=f"Audits at grade read, {AT_ONCE} threads", title_justify="left")
    for name in ("corpus", "store", "files", "MiB", "raw s", "audit s", "of raw", "peak MiB"):
        table.add_column(name, justify="right")
    for one in results:
        table.add_row(
            one["corpus"],
            one["store"],
            f"{one['files']:,}",
            f"{one['MiB']:,}",
            f"{one['raw_s']:.2f}",
            f"{one['audit_s']:.2f}",
            f"{one['ratio']:.2f}",
            str(one.get("peak_MiB", "")),
            style="green" if one["ratio"] >= GOAL else "yellow",
        )
    out.print(table)
    out.print(f"Goals: {GOAL} of raw hashing, {GOAL_MIB} MiB at the most.", style="dim")


if __name__ == "__main__":
    main()
