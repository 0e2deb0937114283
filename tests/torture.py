"""``make torture``: ingest under ``kill -9`` of itself and of a store's server, in many rounds.

After each round every promise of DESIGN is checked from outside (torture_promises.py); every few
rounds an ingest that nobody kills has to end as one that was never killed did. Run again with
the seed that is shown, the same deliveries are struck at the same moments, as far as two programs
that run side by side can be.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console

from tests.services import versitygw
from tests.services.openstack import Swift
from tests.services.running import Service
from tests.services.versitygw import Versitygw
from tests.torture_command import Command
from tests.torture_deliveries import Deliveries
from tests.torture_promises import Bucket, Claims, Folder, Promises

BUCKET = "preservation"
ROUNDS_A_HOUSE = 8
# No ingest here takes longer, whatever else the machine has to do.
PATIENCE_SECONDS = 180
out = Console(highlight=False, soft_wrap=True)

_CONFIG = """[stores.disk]
kind = "directory"
path = "disk"

[stores.s3]
kind = "s3"
bucket = "{bucket}"
endpoint = "{endpoint}"
region = "us-east-1"
timeout_seconds = 20
attempts = 3
"""


@dataclass(frozen=True, slots=True)
class Strike:
    """Who is killed, and when: so many seconds after the start, or objects after it."""

    victims: tuple[str, ...]
    seconds: float | None
    objects: int | None

    def __str__(self) -> str:
        when = f"{self.seconds:.2f} s" if self.objects is None else f"{self.objects} objects"
        return f"{' and '.join(self.victims)} after {when}"


class House:
    """An archive with two stores, one of them behind a server that can be killed."""

    def __init__(self, path: Path, server: Service) -> None:
        self.path, self.server = path, server
        self.inbox, self.disk = path / "inbox", path / "disk"
        self.catalogue = path / "wiazka-home" / "catalogue.sqlite"
        self.inbox.mkdir(parents=True)
        self.bucket = f"{BUCKET}-{path.name}"
        server.make_bucket(self.bucket)
        (path / "wiazka.toml").write_text(
            _CONFIG.format(bucket=self.bucket, endpoint=server.endpoint), encoding="utf-8"
        )

    def start(self, *arguments: str) -> Command:
        """A wiazka command in a process of its own."""
        keys = {
            "WIAZKA_STORE_S3_ACCESS_KEY_ID": self.server.access_key,
            "WIAZKA_STORE_S3_SECRET_ACCESS_KEY": self.server.secret_key,
        }
        return Command(self.path, arguments, keys)

    def run(self, *arguments: str) -> tuple[int | None, str]:
        """A wiazka command to its end; its exit code and what it said."""
        command = self.start(*arguments)
        return command.wait(PATIENCE_SECONDS), command.said()

    def objects(self) -> int:
        """About how many objects there are in both stores, without asking the server."""
        folders = (self.disk, self.server.objects)
        return sum(len(files) for folder in folders for *_, files in os.walk(folder))


class Torture:
    """Rounds on one house after the other."""

    def __init__(
        self, folder: Path, server: Service, *, seed: int, rounds_a_house: int, strikes: int = 3
    ) -> None:
        self._folder, self._server, self._seed = folder, server, seed
        self._rounds_a_house, self._strikes = rounds_a_house, strikes
        self._longest = 1.0
        self.struck: dict[str, int] = defaultdict(int)
        self.broken: list[str] = []
        self.survived = 0

    def run(self, rounds: int) -> None:
        """``rounds`` rounds; whatever is broken is in ``broken``."""
        done = 0
        while done < rounds:
            seed = self._seed + done
            some = min(self._rounds_a_house, rounds - done)
            self._on_a_house(seed, some, done)
            done += some

    def _on_a_house(self, seed: int, rounds: int, done: int) -> None:
        chance = Random(seed)  # noqa: S311 - to be the same again, not to be secret
        house = House(self._folder / f"house-{seed}", self._server)
        deliveries = Deliveries(house.inbox, chance)
        promises = Promises(
            house.inbox,
            house.catalogue,
            [Folder("disk", house.disk), Bucket("s3", self._server, house.bucket)],
        )
        for number in range(1, rounds + 1):
            if Claims.of(house.catalogue).all_taken(house.inbox):
                deliveries.hand_over()
                promises.handed_over()
            told = "; ".join(
                self._strike(house, chance) for _ in range(chance.randint(1, self._strikes))
            )
            broken = [*promises.broken(), *_ledger(house)]
            self._tell(f"round {done + number} (seed {seed})", told, house, promises, broken)
        end = [*self._never_killed(house, deliveries), *promises.broken(), *_ledger(house)]
        self._tell(f"house of seed {seed}", "then never killed", house, promises, end, counts=False)
        if not self.broken:
            shutil.rmtree(house.path)

    def _strike(self, house: House, chance: Random) -> str:
        """Start an ingest, kill somebody, let it end, have the server run again; what was done."""
        strike = _strike(chance, self._longest)
        back_after = chance.uniform(0, 1.5)
        before, begun = house.objects(), time.monotonic()
        command = house.start("ingest", "--json")

        def due() -> bool:
            if strike.objects is None:
                return time.monotonic() - begun >= strike.seconds
            return house.objects() - before >= strike.objects

        came = _await(due, command.ended)
        if came:
            if "server" in strike.victims:
                self._server.kill()
            if "ingest" in strike.victims:
                command.kill()
            for victim in strike.victims:
                self.struck[victim] += 1
            if "server" in strike.victims:
                _await(lambda: False, command.ended, back_after)
                self._server.start()
        code = command.wait(PATIENCE_SECONDS)
        if code is None:
            command.kill()
            command.wait(PATIENCE_SECONDS)
            self.broken.append(f"an ingest hung, struck: {strike}")
        elif code >= 0:
            self._longest = max(self._longest, min(time.monotonic() - begun, 20))
            self._said_well(code, command.said())
        return str(strike) if came else f"nobody ({strike} came too late)"

    def _said_well(self, code: int, said: str) -> None:
        if code not in (0, 3):
            self.broken.append(f"an ingest of sound deliveries ended with {code}: {said[-2000:]}")
        if "Traceback" in said:
            self.broken.append(f"a user saw a traceback: {said[-2000:]}")

    def _never_killed(self, house: House, deliveries: Deliveries) -> list[str]:
        """Ingest in peace, then the same deliveries in a house that was never struck: compare."""
        code, said = house.run("ingest", "--json")
        if code != 0:
            return [f"end: an ingest that nobody killed ended with {code}: {said[-2000:]}"]
        calm = House(house.path.with_name(f"{house.path.name}-calm"), self._server)
        for delivery in deliveries.made:
            shutil.copytree(delivery, calm.inbox / delivery.name)
            code, said = calm.run("ingest", "--json")
            if code != 0:
                return [f"end: the house that was never struck ended with {code}: {said[-2000:]}"]
        broken = [
            f"end: {what} are {ours}, without kills they are {theirs}"
            for what, ours, theirs in zip(_STATE, _state(house), _state(calm), strict=True)
            if ours != theirs
        ]
        broken += [*_restored(house), *_rebuilt(house)]
        shutil.rmtree(calm.path)
        return broken

    def _tell(
        self,
        which: str,
        told: str,
        house: House,
        promises: Promises,
        broken: Sequence[str],
        *,
        counts: bool = True,
    ) -> None:
        claims = Claims.of(house.catalogue)
        out.print(
            f"{which}: {told}. {len(claims.registered)} of {len(claims.versions)} versions "
            f"registered, {promises.objects} objects read: "
            + ("every promise kept" if not broken else f"{len(broken)} BROKEN"),
            style="red" if broken else "",
        )
        for one in broken:
            out.print(f"    {one}", style="red", markup=False)
        self.broken += [f"{which}: {one}" for one in broken]
        self.survived += counts and not broken


def _strike(chance: Random, longest: float) -> Strike:
    victims = chance.choice((("ingest",), ("ingest",), ("server",), ("ingest", "server")))
    if chance.random() < 0.7:
        return Strike(victims, None, chance.randint(1, 60))
    return Strike(victims, chance.uniform(0, longest), None)


def _await(due: Callable[[], bool], over: Callable[[], bool], seconds: float = 1e9) -> bool:
    """Whether it became due before it was over, or the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if due():
            return True
        if over():
            return False
        time.sleep(0.002)
    return False


def _ledger(house: House) -> list[str]:
    if not house.catalogue.exists():
        return []
    code, said = house.run("log", "verify")
    return [] if code == 0 else [f"ledger: 'wiazka log verify' ended with {code}: {said[-1000:]}"]


_STATE = ("packages", "receipts", "reports")


def _state(house: House) -> tuple[object, object, object]:
    """How a house ended: what each package's versions hold, its receipts, its reports.

    The numbers of versions do not count: one that could not be finished leaves its number unused.
    """
    claims = Claims.of(house.catalogue)
    packages: dict[str, list[str]] = defaultdict(list)
    receipts = []
    reports = house.path / "wiazka-home" / "reports"
    for identity, number in claims.registered:
        packages[identity].append(claims.contents[identity, number])
        if (reports / "receipts" / identity / f"v{number}.html").exists():
            receipts.append((identity, len(packages[identity])))
    accessions = sorted(path.name for path in (reports / "accessions").glob("*"))
    return dict(packages), receipts, accessions


def _restored(house: House) -> list[str]:
    """Restore both versions of what was corrected; the bagit package validates each."""
    broken = []
    corrected = [key for key in Claims.of(house.catalogue).registered if key[1] > 1]
    for identity, number in corrected[:1]:
        for one in range(1, number + 1):
            if (identity, one) not in Claims.of(house.catalogue).registered:
                continue
            to = house.path / "restored" / f"{one}"
            code, said = house.run(
                "restore", identity, "--version", str(one), "--from", "s3", "--to", str(to)
            )
            if code != 0:
                broken.append(f"restore of {identity} v{one} ended with {code}: {said[-1000:]}")
                continue
            done = subprocess.run(
                [Path(sys.executable).with_name("bagit.py"), "--validate", to],
                capture_output=True,
                text=True,
            )
            if done.returncode:
                broken.append(f"{identity} v{one} restored does not validate: {done.stderr[-500:]}")
    return broken


def _rebuilt(house: House) -> list[str]:
    """The stores alone are enough: a catalogue made from either knows every version again."""
    # Until there is such a command, the storage manifests are all that is looked at.
    if house.run("rebuild", "--help")[0] != 0:
        return []
    broken = []
    for store in ("disk", "s3"):
        lost = house.path / f"rebuilt-from-{store}"
        lost.mkdir()
        text = (house.path / "wiazka.toml").read_text("utf-8")
        (lost / "wiazka.toml").write_text(text.replace('path = "disk"', f'path = "{house.disk}"'))
        code, said = house.run("rebuild", "--from", store, "--config", str(lost / "wiazka.toml"))
        before = Claims.of(house.catalogue)
        after = Claims.of(lost / "wiazka-home" / "catalogue.sqlite")
        if code != 0:
            broken.append(f"4 stores alone: rebuild from {store} ended with {code}: {said[-2000:]}")
        broken += [
            f"4 stores alone: {version} is not in what was rebuilt from {store}"
            for version in before.registered
            if after.contents.get(version) != before.contents[version]
        ]
        if extra := set(after.registered) - set(before.registered):
            broken.append(f"4 stores alone: rebuilt from {store} are {sorted(extra)}, unknown here")
    return broken


def service(data: Path, name: str | None) -> Service:
    """The server that is struck: versitygw where it is built, else Swift."""
    if name == "swift" or (name is None and not versitygw.PROGRAM.exists()):
        return Swift(data)
    return Versitygw(data)


def main() -> int:
    """0 when every promise was kept in every round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--server", choices=["versitygw", "swift"])
    parser.add_argument("--rounds-a-house", type=int, default=ROUNDS_A_HOUSE)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wiazka-torture-"))
    with service(folder / "server", asked.server) as server:
        torture = Torture(folder, server, seed=asked.seed, rounds_a_house=asked.rounds_a_house)
        torture.run(asked.rounds)
    struck = ", ".join(
        f"{who} killed {times} times" for who, times in sorted(torture.struck.items())
    )
    out.print(
        f"\n{torture.survived} of {asked.rounds} rounds survived, seed {asked.seed}: {struck}."
    )
    if torture.broken:
        out.print(
            f"{len(torture.broken)} promises broken; all of it is kept in {folder}", style="red"
        )
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
