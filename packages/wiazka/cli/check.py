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
)
from wiazka.phrase import Lang, Phrase, say, say_many, together

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
    from wiazka.intake.severity import refuses, weighed_beside
    from wiazka.intake.shared import lang_of
    from wiazka.settings import load

    settings = load(config)
    catalogue = Catalogue.at_hand(settings.catalogue_url)
    out = console()
    shown: list[dict[str, object]] = []
    sums = _Sums()
    lang = settings.lang
    with ReadingBar() as bar:
        for delivery in at_paths(paths, settings.paths.inbox):
            if not as_json:
                with bar.aside():
                    out.print(f"{delivery.name}", style="bold", markup=False)
            lang = lang_of(delivery.path, settings.lang)
            if bar.is_shown:
                bar.begin(delivery.name, bytes_to_read(delivery))
            for submission in preflight(delivery, settings, catalogue, bar.tell):
                shown.append(_submission_json(submission))
                sums.count(submission)
                if not as_json:
                    with bar.aside():
                        _show(submission)
            for name, problem in weighed_beside(delivery.loose, settings.severity):
                state = "refused" if refuses(problem) else "ok"
                told = [problem_json(problem, lang)]
                shown.append({"folder": name, "state": state, "problems": told})
                sums.wrong = sums.wrong or refuses(problem)
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
    else:
        out.print(f"\n{sums.sentence.into(lang)}", markup=False)
    return 1 if sums.wrong else 0


@dataclass
class _Sums:
    """What was seen of all documents, for the last line."""

    files: int = 0
    size: int = 0
    states: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    wrong: bool = False

    def count(self, submission: "Submission") -> None:
        self.files += len(submission.files)
        self.size += sum(file.size for file in submission.files)
        self.states[_state(submission)] += 1
        self.severities.update(problem.severity.value for problem in submission.problems)
        self.accepted += len(submission.accepted)
        self.wrong = self.wrong or bool(submission.errors)

    @property
    def sentence(self) -> Phrase:
        """``12 documents: 9 ok, 3 refused. 214 files, 1.2 GB. 4 errors, 7 warnings.``"""
        from wiazka.report.words import size_in_words

        states = (
            say_many("{number} ok", "{number} ok", self.states["ok"]),
            say_many("{number} held", "{number} held", self.states["held"]),
            say_many("{number} refused", "{number} refused", self.states["refused"]),
        )
        weights = (
            say_many("{number} error", "{number} errors", self.severities["error"]),
            say_many("{number} warning", "{number} warnings", self.severities["warning"]),
            say_many("{number} note", "{number} notes", self.severities["note"]),
            say_many("{number} accepted", "{number} accepted", self.accepted),
        )
        told = [one for one in weights if not one.startswith("0 ")]
        return together(
            (
                say_many(
                    "{number} document: {states}.",
                    "{number} documents: {states}.",
                    self.states.total(),
                    states=together((s for s in states if not s.startswith("0 ")), ", "),
                ),
                say_many(
                    "{number} file, {size}.",
                    "{number} files, {size}.",
                    self.files,
                    size=size_in_words(self.size),
                ),
                together((*[together(told, ", ")], "."), "") if told else say("Nothing is wrong."),
            )
        )


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
    for one in submission.accepted:
        why = f"{one.by}: {one.reason}" if one.by else one.reason
        let_be = say("accepted: {message} ({why})", message=one.message, why=why)
        out.print(f"  {let_be.into(submission.lang)}", style="dim", markup=False)
    _show_left_out(submission.left_out, submission.lang)


def _show_left_out(left_out: "Iterable[LeftOut]", lang: Lang) -> None:
    for left in left_out:
        told = say("left out: {name} ({reason})", name=left.name, reason=left.reason)
        console().print(f"  {told.into(lang)}", style="dim", markup=False)
