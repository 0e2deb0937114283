"""How fast documents are kept in an object store, beside what a user would do today, and the limit.

Run: make bench. One store (versitygw), one machine, one run: only then can the ways be compared.
Everything lies in memory (/dev/shm) where there is room, so that no disk is measured. With
``--large``: whether memory stays flat for one file of 6 GB, which goes in parts.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.corpora import LARGE, Corpus, corpora
from tests.benchmarks.measuring import Cost, machine, measure, total
from tests.services.versitygw import Versitygw

REPO = Path(__file__).parents[2]
BAGIT = Path(sys.executable).with_name("bagit.py")
GOAL, GOAL_OF_LIMIT, GOAL_MIB = 6.0, 0.8, 200
out = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to keep a corpus: what each of its steps cost, and how well the copy is proved."""

    name: str
    steps: dict[str, Cost]
    proof: str
    inside: dict[str, float] = field(default_factory=dict)

    @property
    def cost(self) -> Cost:
        """Of all steps."""
        return total([*self.steps.values()])

    @property
    def work(self) -> float:
        """Seconds without the interpreter's start, which the limit has none of."""
        return sum(self.inside.values()) or self.cost.seconds


class Bench:
    """A corpus, a server with an empty bucket for each way, and room to work in."""

    def __init__(self, corpus: Corpus, folder: Path, server: Versitygw) -> None:
        self.corpus, self.folder, self.server = corpus, folder, server
        self.source = corpus.write(folder)
        self.environment = {
            "AWS_ACCESS_KEY_ID": server.access_key,
            "AWS_SECRET_ACCESS_KEY": server.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "WIAZKA_STORE_S3_ACCESS_KEY_ID": server.access_key,
            "WIAZKA_STORE_S3_SECRET_ACCESS_KEY": server.secret_key,
            # The code that is measured is the one that lies here.
            "PYTHONPATH": f"{REPO / 'packages'}{os.pathsep}{REPO}",
        }

    def ways(self) -> Iterable[Way]:
        """All of them, one after the other."""
        bag, bagged = self._bag()
        yield self._aws(bag, bagged)
        if shutil.which("rclone"):
            yield self._rclone(bag, bagged)
        shutil.rmtree(bag)
        yield from self.ours()
        yield self._limit()

    def _bag(self) -> tuple[Path, dict[str, Cost]]:
        """A bag of the corpus. The copy that bagit.py needs, as it moves the files, is given it."""
        bag = self.folder / "bag"
        shutil.copytree(self.source, bag, copy_function=os.link)
        quick = [BAGIT, "--quiet", "--processes", "2"]
        return bag, {
            "bagit.py": self._run([*quick, "--sha256", bag])[0],
            "bagit.py --validate": self._run([*quick, "--validate", bag])[0],
        }

    def _aws(self, bag: Path, bagged: dict[str, Cost]) -> Way:
        bucket, back = self._bucket("aws"), self.folder / "back"
        sync = ["aws", "s3", "sync", "--only-show-errors", "--endpoint-url", self.server.endpoint]
        steps = bagged | {
            "aws s3 sync": self._run([*sync, bag, f"s3://{bucket}"])[0],
            "aws s3 sync back": self._run([*sync, f"s3://{bucket}", back])[0],
            "sha256sum -c": self._run(
                ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=back
            )[0],
        }
        shutil.rmtree(back)
        self._empty(bucket)
        return Way("bagit.py, aws s3 sync", steps, "read back")

    def _rclone(self, bag: Path, bagged: dict[str, Cost]) -> Way:
        bucket = self._bucket("rclone")
        config = {
            "RCLONE_CONFIG": os.devnull,
            # rclone does not start with one.
            "AWS_CA_BUNDLE": "",
            "RCLONE_CONFIG_STORE_TYPE": "s3",
            "RCLONE_CONFIG_STORE_PROVIDER": "Other",
            "RCLONE_CONFIG_STORE_ENV_AUTH": "true",
            "RCLONE_CONFIG_STORE_ENDPOINT": self.server.endpoint,
        }
        steps = bagged | {
            f"rclone {' '.join(words)}": self._run(
                ["rclone", *words, "--quiet", bag, f"store:{bucket}"], config
            )[0]
            for words in (["copy", "--checksum"], ["check", "--download"])
        }
        self._empty(bucket)
        return Way("bagit.py, rclone", steps, "read back")

    def ours(self) -> Iterable[Way]:
        """What wiazka does: keeping it, and then reading every byte back as well."""
        bucket, home = self._bucket("ours"), self.folder / "ours"
        home.mkdir()
        config = home / "wiazka.toml"
        config.write_text(
            f'[stores.s3]\nkind = "s3"\nbucket = "{bucket}"\n'
            f'endpoint = "{self.server.endpoint}"\nregion = "us-east-1"\n'
        )
        work = [sys.executable, "-m", "tests.benchmarks.ours"]
        keeping, said = self._run([*work, "keep", config, self.source], cwd=REPO)
        told = json.loads(said)
        assert told["sent"] > self.corpus.size, "not all of the corpus was kept"
        kept = {"keep": keeping}
        yield Way("wiazka", kept, told["grade"], told["steps"])
        reading, _ = self._run([*work, "audit", config, self.source], cwd=REPO)
        yield Way("wiazka, then an audit", kept | {"audit": reading}, "read back")
        shutil.rmtree(home)
        self._empty(bucket)

    def _limit(self) -> Way:
        bucket = self._bucket("limit")
        cost, said = self._run(
            [
                *(sys.executable, "-m", "tests.benchmarks.limit"),
                *(self.source, self.server.endpoint, bucket),
            ],
            cwd=REPO,
        )
        told = json.loads(said)
        self._empty(bucket)
        cost = Cost(told["seconds"], told["cpu"], cost.server, told["read"], cost.peak)
        return Way("limit: hash, send", {"hash, send": cost}, "nothing")

    def _run(
        self,
        command: list[str | Path],
        environment: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> tuple[Cost, str]:
        shown = " ".join(Path(word).name for word in command[:4])
        out.print(f"  {self.corpus.name}: {shown}…", style="dim")
        return measure(
            command,
            server=self.server.pids[0],
            cwd=cwd,
            environment=self.environment | (environment or {}),
        )

    def _bucket(self, name: str) -> str:
        self.server.make_bucket(name)
        return name

    def _empty(self, bucket: str) -> None:
        # As files: it is not what is measured.
        shutil.rmtree(self.server.objects / bucket)


def show(corpus: Corpus, ways: list[Way]) -> None:
    """The ways of one corpus, each beside today's."""
    today, limit = ways[0].cost, ways[-1].cost
    table = Table(
        title=f"{corpus.name}: {corpus.files:,} files, {corpus.size / 2**20:,.0f} MiB",
        title_justify="left",
    )
    table.add_column("way")
    for name in (
        *("proof", "s", "MiB/s", "files/s", "CPU s", "server CPU s", "read / size", "peak MiB"),
        *("times today", "of limit"),
    ):
        table.add_column(name, justify="right")
    for way in ways:
        cost = way.cost
        table.add_row(
            way.name,
            way.proof,
            f"{cost.seconds:.1f}",
            f"{corpus.size / 2**20 / cost.seconds:,.0f}",
            f"{corpus.files / cost.seconds:,.0f}",
            f"{cost.cpu:.1f}",
            f"{cost.server:.1f}",
            f"{cost.read / corpus.size:.2f}",
            f"{cost.peak / 2**20:.0f}",
            f"{today.seconds / cost.seconds:.1f}",
            f"{limit.seconds / way.work:.2f}",
            style="bold" if way.name.startswith("wiazka") else "",
        )
    out.print(table)
    for way in ways:
        inside = {"start": way.steps["keep"].seconds - way.work} | way.inside if way.inside else {}
        steps = {name: cost.seconds for name, cost in way.steps.items()} | inside
        told = ", ".join(f"{name} {seconds:.2f}" for name, seconds in steps.items())
        out.print(f"  {way.name}: {told}", style="dim")
    ours = next(way for way in ways if way.name == "wiazka")
    _goal("times today's way", today.seconds / ours.cost.seconds, GOAL)
    _goal("of the limit, once started", limit.seconds / ours.work, GOAL_OF_LIMIT)


def _goal(what: str, reached: float, goal: float) -> None:
    met = reached >= goal
    told = "met" if met else "not met"
    out.print(f"  {reached:.2f} {what}; goal {goal}: {told}", style="green" if met else "yellow")


def room(needed: int) -> Path:
    """Where to work: in memory if that has the room, else below the repository."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    if memory.is_dir() and shutil.disk_usage(memory).free > 2 * needed:
        return memory
    (REPO / "bench").mkdir(exist_ok=True)
    return REPO / "bench"


def large() -> None:
    """Keep one file of 6 GB, and read it back; the most memory that either takes."""
    (REPO / "bench").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=REPO / "bench", prefix="large-") as name:
        folder = Path(name)
        with Versitygw(folder / "server") as server:
            for way in Bench(LARGE, folder, server).ours():
                peak = way.cost.peak / 2**20
                told = "met" if peak <= GOAL_MIB else "not met"
                out.print(
                    f"{way.name}: {peak:.0f} MiB at the most; goal {GOAL_MIB}: {told}. "
                    f"{way.cost.seconds:.0f} s, read {way.cost.read / LARGE.size:.2f} times, "
                    f"proof {way.proof}. {way.inside}"
                )


def main() -> None:
    """Measure, show, and keep the numbers under bench/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of both corpora")
    parser.add_argument("--only", choices=["A", "B"], help="one of the corpora")
    parser.add_argument("--large", action="store_true", help="only one file of 6 GB")
    asked = parser.parse_args()
    if asked.large:
        large()
        return
    chosen = [one for one in corpora(asked.scale) if asked.only in (None, one.name)]
    facts = machine()
    measured: dict[str, list[Way]] = {}
    most = max(one.size for one in chosen)
    with tempfile.TemporaryDirectory(dir=room(3 * most), prefix="wiazka-bench-") as name:
        for corpus in chosen:
            folder = Path(name) / f"at-{corpus.name}"
            with Versitygw(folder / "server") as server:
                measured[corpus.name] = list(Bench(corpus, folder, server).ways())
            shutil.rmtree(folder)
            show(corpus, measured[corpus.name])
    now = datetime.now(UTC)
    kept = REPO / "bench" / f"{now:%Y%m%dT%H%M%SZ}.json"
    kept.parent.mkdir(exist_ok=True)
    results = {
        "at": now.isoformat(),
        "machine": facts,
        "scale": asked.scale,
        "corpora": {name: [asdict(way) for way in ways] for name, ways in measured.items()},
    }
    kept.write_text(json.dumps(results, indent=2) + "\n")
    out.print(f"Kept as {kept.relative_to(REPO)}", style="dim")


if __name__ == "__main__":
    main()
