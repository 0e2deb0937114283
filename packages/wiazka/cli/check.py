"""wiazka check: what is wrong with a delivery and how to mend it; writes nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json, problem_json, show_problems
from wiazka.phrase import say, say_many

if TYPE_CHECKING:
    from wiazka.intake.model import Submission

_MARKS = {"ok": ("✔", "green"), "held": ("…", "yellow"), "refused": ("✘", "bold red")}
_STATES = {"ok": say("ok"), "held": say("held")}


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
    from wiazka.intake.shared import lang_of
    from wiazka.settings import load

    settings = load(config)
    catalogue = Catalogue.at_hand(settings.catalogue_url)
    out = console()
    shown = []
    for delivery in at_paths(paths, settings.paths.inbox):
        if not as_json:
            out.print(f"{delivery.name}", style="bold", markup=False)
        for submission in preflight(delivery, settings, catalogue):
            shown.append(_submission_json(submission))
            if not as_json:
                _show(submission)
        lang = lang_of(delivery.path) or settings.lang
        for name, problem in delivery.loose:
            told = [problem_json(problem, lang)]
            shown.append({"folder": name, "state": "refused", "problems": told})
            if not as_json:
                show_problems(out, [problem], lang)
    if as_json:
        print_json({"submissions": shown})
    elif not shown:
        out.print(say("Nothing is there to be checked.").into(settings.lang))
    return 1 if any(item["state"] == "refused" for item in shown) else 0


def _state(submission: "Submission") -> str:
    if submission.errors:
        return "refused"
    return "held" if submission.held else "ok"


def _submission_json(submission: "Submission") -> dict[str, object]:
    return {
        "folder": submission.folder,
        "state": _state(submission),
        "problems": [problem_json(problem, submission.lang) for problem in submission.problems],
    }


def _show(submission: "Submission") -> None:
    out = console()
    state = _state(submission)
    mark, colour = _MARKS[state]
    errors = len(submission.errors)
    told = say_many("{number} to mend", "{number} to mend", errors) if errors else _STATES[state]
    line = say_many(
        "{number} file, {state}", "{number} files, {state}", len(submission.files), state=told
    )
    out.print(f"{mark} ", style=colour, end="")
    out.print(submission.folder, style="bold", end="", markup=False)
    out.print(f"  {line.into(submission.lang)}", markup=False)
    show_problems(out, submission.problems, submission.lang)
    for left in submission.left_out:
        told = say("left out: {name} ({reason})", name=left.name, reason=left.reason)
        out.print(f"  {told.into(submission.lang)}", style="dim", markup=False)
