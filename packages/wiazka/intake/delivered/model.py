"""A document that was handed over packed, as it was unpacked."""

from dataclasses import dataclass
from pathlib import Path

from wiazka.problem_kinds import Problem
from wiazka.record.model import Check


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What unpacking gave: ``contents`` is the folder to read from, inside ``scratch``.

    ``digests`` are those of the packed file itself, by algorithm; ``size`` is the bytes of all
    ``files`` in it.
    """

    scratch: Path
    contents: Path
    digests: tuple[tuple[str, str], ...]
    files: int = 0
    size: int = 0
    problems: tuple[Problem, ...] = ()

    def check(self, name: str) -> Check:
        """What is kept of the unpacking, as PREMIS has it."""
        sha256 = dict(self.digests)["sha256"]
        assumed = f" {self.problems[0].message}" if self.problems else ""
        return Check(
            event="unp",
            detail=f"'{name}' (SHA-256 {sha256}) was unpacked: {self.files} files, {self.size} "
            f"bytes.{assumed}",
            outcome="warning" if assumed else "success",
        )
