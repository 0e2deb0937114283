"""How fast a delivery is checked, beside what decoding its images costs at the least.

Run: make benchmark
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

from wiazka.ingest.preflight import preflight
from wiazka.intake.deliveries import at_paths
from wiazka.settings import Settings

FILES, FEW = 2_000, 500
SCANS_A_DOCUMENT = 20
RECORD = """title: "Note no. {number}"
date: "1984-06-04"
source: "AMSZ, Department II, {number}/87, w. 5."
translator: "Jerzy Giebułtowski"
languages: [pl (original), en (translation)]
rights: CNE
"""


def page(seed: int) -> Image.Image:
    """A typed page of A4 at 150 dpi, with the grain of paper."""
    chance = random.Random(seed)  # noqa: S311 - the same pages each time
    grain = Image.effect_noise((1240, 1754), 12).point(lambda value: min(255, value + 90))
    picture = Image.merge("RGB", (grain, grain, grain.point(lambda value: max(0, value - 20))))
    draw = ImageDraw.Draw(picture)
    for y in range(120, 1640, 38):
        x = 120
        while x < 1100:
            width = chance.randint(20, 130)
            draw.rectangle((x, y, min(x + width, 1150), y + 18), fill=(40, 40, 50))
            x += width + 18
    return picture


def delivery_of(folder: Path, files: int) -> Path:
    """A delivery of so many scans and texts: of 20 scans, half are JPEG, half TIFF (LZW)."""
    delivery = folder / f"delivery-{files}"
    kinds = [("jpg", {"quality": 88}), ("tif", {"compression": "tiff_lzw", "dpi": (150, 150)})]
    made = 0
    number = 0
    while made < files:
        number += 1
        document = delivery / f"1984-06-04_note_{number:04}"
        for name in ("scans", "transcription/pl"):
            (document / name).mkdir(parents=True)
        (document / "record.yaml").write_text(RECORD.format(number=number), encoding="utf-8")
        made += 1
        for scan in range(SCANS_A_DOCUMENT):
            if made >= files:
                break
            ending, options = kinds[scan % 2]
            page(number * 100 + scan).save(document / f"scans/{scan:04}.{ending}", **options)
            text = (
                f"Strona {scan} notatki nr {number}: minister przyjął ambasadora i omówił sprawę."
            )
            (document / f"transcription/pl/{scan:04}.txt").write_text(text, encoding="utf-8")
            made += 2
    (delivery / "_READY").touch()
    return delivery


def decode(path: Path) -> None:
    """The least that looking at an image takes."""
    with Image.open(path) as image:
        image.load()


def bare(delivery: Path) -> float:
    """Seconds to decode all images of a delivery on all cores."""
    images = sorted(path for path in delivery.rglob("*") if path.suffix in (".jpg", ".tif"))
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(decode, images))
    return time.perf_counter() - begun


def checked(delivery: Path) -> float:
    """Seconds to check a delivery, every file of it."""
    settings = Settings()
    begun = time.perf_counter()
    for one in at_paths([delivery], delivery.parent):
        for submission in preflight(one, settings, None):
            assert not submission.errors, submission.errors
    return time.perf_counter() - begun


class Measured(NamedTuple):
    """Seconds, seconds of all cores together, and the most memory in MiB."""

    seconds: float
    cores: float
    peak: int


def measured(what: str, delivery: Path) -> Measured:
    """One of the two, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.preflight", what, str(delivery)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Measured(*json.loads(done.stdout))


def main() -> None:
    import resource

    if len(sys.argv) == 3:
        work = {"bare": bare, "checked": checked}[sys.argv[1]]
        seconds = work(Path(sys.argv[2]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        cores = used.ru_utime + used.ru_stime
        print(json.dumps([seconds, cores, used.ru_maxrss // 1024]))
        return
    # The seconds of all cores together are the same on a machine that has other things to do.
    print(
        f"{'files':<8}{'checked':>10}{'only decoded':>14}{'ratio':>8}{'ratio of cores':>16}"
        f"{'peak memory':>14}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for files in (FEW, FILES):
            delivery = delivery_of(Path(folder), files)
            # Twice each, in turn, the better one.
            runs = [(measured("bare", delivery), measured("checked", delivery)) for _ in range(2)]
            least = min(bare for bare, _ in runs)
            ours = min(checked for _, checked in runs)
            peak = max(checked.peak for _, checked in runs)
            print(
                f"{files:<8}{ours.seconds:>9.1f}s{least.seconds:>13.1f}s"
                f"{ours.seconds / least.seconds:>8.2f}{ours.cores / least.cores:>16.2f}"
                f"{peak:>10} MiB",
                flush=True,
            )


if __name__ == "__main__":
    main()
