"""``_PROBLEMS.txt``: what staff find beside a submission that was refused."""

from collections.abc import Iterable
from datetime import datetime

from wiazka.errors import Problem, Severity
from wiazka.report.words import counted, time_in_words, wrapped

_HEADINGS = {
    Severity.ERROR: "TO MEND (the document is not taken until these are put right)",
    Severity.WARNING: "TO LOOK AT (these do not stop the document)",
    Severity.NOTE: "FOR YOUR INFORMATION",
}


def by_weight(problems: Iterable[Problem]) -> list[Problem]:
    """Errors first, then warnings, then notes; otherwise in the order given."""
    order = list(Severity)
    return sorted(problems, key=lambda problem: order.index(problem.severity))


def place(problem: Problem) -> str:
    """Where a problem is: the file (or the folder) and, where there is one, the field or line."""
    where = problem.path or "the folder itself"
    return f"{where}, {problem.field}" if problem.field else where


def problems_text(
    folder: str, problems: Iterable[Problem], *, checked_at: datetime, contact: str = ""
) -> str:
    """The text of ``_PROBLEMS.txt`` for the submission in ``folder``, problems numbered.

    ``contact`` is who to ask ("" for nobody). Write it as UTF-8.
    """
    ordered = by_weight(problems)
    errors = sum(problem.severity is Severity.ERROR for problem in ordered)
    lines = [
        wrapped(f"{folder} was not taken"),
        "=" * min(78, len(folder) + len(" was not taken")),
        "",
        wrapped(
            f"It was checked on {time_in_words(checked_at)}. "
            f"{counted(errors, 'thing')} must be mended first; the list below says where and how."
        ),
    ]
    heading: Severity | None = None
    for number, problem in enumerate(ordered, start=1):
        if problem.severity is not heading:
            heading = problem.severity
            lines += ["", _HEADINGS[heading]]
        indent = " " * 12
        lines += [
            "",
            wrapped(place(problem), indent, f"{number:>3}. Where: "),
            wrapped(problem.message, indent, "     What:  "),
            wrapped(problem.remedy, indent, "     Mend:  "),
        ]
    asking = f" If something here is unclear, ask {contact}." if contact else ""
    lines += [
        "",
        "WHAT HAPPENS NEXT",
        "",
        wrapped(
            "Nothing you handed over was changed, moved or lost. Mend what is listed, in the "
            "folder where it is; the document is then taken at the next run. This file needs no "
            f"answer: it is written anew at each run and is never stored with the document.{asking}"
        ),
        "",
    ]
    return "\n".join(lines)
