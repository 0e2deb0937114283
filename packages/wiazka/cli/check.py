"""wiazka check: what is wrong with a delivery and how to mend it; writes nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json, problem_json, show_problems
from wiazka.phrase import say, say_many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wiazka.intake.model import LeftOut, Submission

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
    from wiazka.cli.progress import ReadingBar
    from wiazka.ingest.preflight import bytes_to_read, preflight
    from wiazka.intake.deliveries import at_paths
    from wiazka.intake.shared import lang_of
    from wiazka.settings import load

    settings = load(config)
    catalogue = Catalogue.at_hand(settings.catalogue_url)
    out = console()
    shown = []
    wrong = False
    with ReadingBar() as bar:
        for delivery in at_paths(paths, settings.paths.inbox):
            if not as_json:
                with bar.aside():
                    out.print(f"{delivery.name}", style="bold", markup=False)
            lang = lang_of(delivery.path) or settings.lang
            bar.begin(delivery.name, bytes_to_read(delivery))
            for submission in preflight(delivery, settings, catalogue, bar.tell):
                shown.append(_submission_json(submission))
                wrong = wrong or bool(submission.errors)
                if not as_json:
                    with bar.aside():
                        _show(submission)
            for name, problem in delivery.loose:
                told = [problem_json(problem, lang)]
                shown.append({"folder": name, "state": "refused", "problems": told})
                wrong = True
                if not as_json:
                    with bar.aside():
                        show_problems(out, [problem], lang)
            if not as_json:
                with bar.aside():
                    _show_left_out(delivery.left_out, lang)
    if as_json:
        print_json({"submissions": shown})
    elif not shown:
        out.print(say("Nothing is there to be checked.").into(settings.lang))
    return 1 if wrong else 0


def _state(submission: "Submission") -> str:
    if submission.held:
        return "held"
    return "refused" if submission.errors else "ok"


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
    _show_left_out(submission.left_out, submission.lang)


def _show_left_out(left_out: "Iterable[LeftOut]", lang: str) -> None:
    for left in left_out:
        told = say("left out: {name} ({reason})", name=left.name, reason=left.reason)
        console().print(f"  {told.into(lang)}", style="dim", markup=False)
