"""wiazka check: what is wrong with a delivery and how to mend it; writes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import (
    common,
    console,
    examples,
    print_json,
    problem_json,
    show_problems,
    size_in_words,
)

if TYPE_CHECKING:
    from wiazka.intake.model import Submission

_MARKS = {"ok": ("✔", "green"), "held": ("…", "yellow"), "refused": ("✘", "bold red")}


@click.command(
    epilog=examples("wiazka check inbox/2024-05_kyungnam", "wiazka check --json inbox | jq .")
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@common
def check(paths: tuple[Path, ...], *, as_json: bool, config: Path | None) -> int:
    """See what is wrong with deliveries, all at once, and how to mend it. Writes nothing.

    PATHS are deliveries, single documents' folders, or a whole inbox.
    """
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.ingest.preflight import preflight
    from wiazka.intake.deliveries import at_paths
    from wiazka.intake.severity import stops, weighed_beside
    from wiazka.settings import load

    settings = load(config)
    catalogue = Catalogue.at_hand(settings.catalogue_url)
    out = console()
    shown: list[dict[str, object]] = []
    sums = _Sums()
    for delivery in at_paths(paths, settings.paths.inbox):
        if not as_json:
            out.print(f"{delivery.name}", style="bold", markup=False)
        for submission in preflight(delivery, settings, catalogue):
            shown.append(_submission_json(submission))
            sums.count(submission)
            if not as_json:
                _show(submission)
        for name, problem in weighed_beside(delivery.loose, settings.severity):
            state = "refused" if stops(problem) else "ok"
            shown.append({"folder": name, "state": state, "problems": [problem_json(problem)]})
            if not as_json:
                show_problems(out, [problem])
    if as_json:
        print_json({"submissions": shown})
    elif not shown:
        out.print("Nothing is there to be checked.")
    else:
        out.print(f"\n{sums.sentence}", markup=False)
    return 1 if any(item["state"] == "refused" for item in shown) else 0


@dataclass
class _Sums:
    """What was seen of all documents, for the last line."""

    files: int = 0
    size: int = 0
    states: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)

    def count(self, submission: "Submission") -> None:
        self.files += len(submission.files)
        self.size += sum(file.size for file in submission.files)
        self.states[_state(submission)] += 1
        self.severities.update(problem.severity.value for problem in submission.problems)
        self.severities["accepted"] += len(submission.accepted)

    @property
    def sentence(self) -> str:
        """``12 documents: 9 ok, 3 refused. 214 files, 1.2 GB. 4 errors, 7 warnings.``"""
        states = ", ".join(f"{number} {state}" for state, number in sorted(self.states.items()))
        told = [f"{self.states.total()} documents: {states or 'none'}."]
        told.append(f"{self.files} files, {size_in_words(self.size)}.")
        weights = ", ".join(
            f"{number} {name}{'' if name == 'accepted' or number == 1 else 's'}"
            for name in ("error", "warning", "note", "accepted")
            if (number := self.severities[name])
        )
        return " ".join([*told, f"{weights}." if weights else "Nothing is wrong."])


def _state(submission: "Submission") -> str:
    if submission.errors:
        return "refused"
    return "held" if submission.held else "ok"


def _submission_json(submission: "Submission") -> dict[str, object]:
    return {
        "folder": submission.folder,
        "state": _state(submission),
        "problems": [problem_json(problem) for problem in submission.problems],
    }


def _show(submission: "Submission") -> None:
    out = console()
    state = _state(submission)
    mark, colour = _MARKS[state]
    files = len(submission.files)
    errors = len(submission.errors)
    told = f"{errors} to mend" if errors else state
    out.print(f"{mark} ", style=colour, end="")
    out.print(submission.folder, style="bold", end="", markup=False)
    out.print(f"  {files} files, {told}", markup=False)
    show_problems(out, submission.problems)
    for one in submission.accepted:
        line = f"  accepted: {one.message} ({one.by}: {one.reason})"
        out.print(line, style="dim", markup=False)
    for left in submission.left_out:
        out.print(f"  left out: {left.name} ({left.reason})", style="dim", markup=False)
