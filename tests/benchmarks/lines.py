"""How fast lines are understood, beside what folding and splitting them costs at the least.

Run: make benchmark
"""

import csv
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from wiazka.record.credit import parse_credit
from wiazka.record.line import parse_line

HERE = Path(__file__).parents[1] / "record"
ROUNDS = 9
TAIL = ". Obtained by Marek Hańderek and translated by Jerzy Giebułtowski."


def floor(line: str) -> str:
    """The least that any reader does: normalise, fold, cut into words."""
    folded = unicodedata.normalize("NFKD", line.casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def rate(work: Callable[[str], object], lines: list[str]) -> float:
    """Lines per second, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for line in lines:
            work(line)
        best = min(best, time.perf_counter() - begun)
    return len(lines) / best


def column(name: str, number: int) -> list[str]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row[number] for row in rows if row and not row[0].startswith("#")]


def main() -> None:
    signatures = [line.partition(" Obtained ")[0] for line in column("signatures.tsv", 0)]
    both = [line.rstrip(" .") + TAIL for line in signatures]
    print(f"{'lines a second':<28}{'understood':>12}{'only folded':>14}{'ratio':>8}")
    for name, work, lines in (
        ("signatures", parse_line, signatures),
        ("signatures with a credit", parse_line, both),
        ("credits", parse_credit, column("credits.tsv", 1)),
    ):
        ours, least = rate(work, lines), rate(floor, lines)
        print(f"{name:<28}{ours:>12,.0f}{least:>14,.0f}{ours / least:>8.3f}")


if __name__ == "__main__":
    main()
