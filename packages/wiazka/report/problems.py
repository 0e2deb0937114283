"""What staff find beside a delivery that is not all taken: ``_PROBLEMS.txt`` and ``.html``."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from wiazka.phrase import Phrase, say, say_many, together
from wiazka.problem_kinds import Problem, Severity
from wiazka.report.model import HEADLINES, ReceiptState, Thumbnail
from wiazka.report.page import render
from wiazka.report.words import (
    contact_of,
    place,
    size_in_words,
    spoken,
    time_in_words,
    wrapped,
)
from wiazka.settings import Archive

_HEADINGS = {
    Severity.ERROR: say("To mend (the document is not taken until these are put right)"),
    Severity.WARNING: say("To look at (these do not stop the document)"),
    Severity.NOTE: say("For your information"),
}
_TAKEN = {ReceiptState.REGISTERED, ReceiptState.ALREADY_HELD}
_NEXT = say(
    "Nothing you handed over was changed, moved or lost. Mend what is listed, in the folder where "
    "it is; the document is then taken at the next run. This list needs no answer: it is written "
    "anew at each run and is never stored with the document."
)


@dataclass(frozen=True, slots=True)
class DocumentProblems:
    """How one document of a delivery ended, and what is to be said of it.

    ``files`` and ``size`` (bytes) are of what was handed over; ``pictures`` are of the scans that
    problems name; ``cause`` is one sentence for a document that was held or failed.
    """

    folder: str
    state: ReceiptState
    problems: tuple[Problem, ...] = ()
    title: str | None = None
    cause: str | None = None
    files: int = 0
    size: int = 0
    pictures: tuple[Thumbnail, ...] = ()

    @property
    def errors(self) -> int:
        """How many things stop it."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def ordered(self) -> list[Problem]:
        """Its problems, errors first."""
        return by_weight(self.problems)

    @property
    def heading(self) -> Phrase:
        """Its name and how it ended."""
        match self.state:
            case ReceiptState.REFUSED:
                return say("{folder} was not taken", folder=self.folder)
            case ReceiptState.HELD:
                return say("{folder} is held back for now", folder=self.folder)
            case ReceiptState.FAILED | ReceiptState.STORED:
                return say("{folder} is not finished", folder=self.folder)
            case _:
                return say("{folder} was taken", folder=self.folder)

    @property
    def headline(self) -> Phrase:
        """How it ended, where its name stands already."""
        return HEADLINES[self.state]

    @property
    def sentence(self) -> Phrase:
        """What that means for whoever handed it over."""
        match self.state:
            case ReceiptState.REFUSED:
                return say_many(
                    "{number} thing must be mended first; the list below says where and how.",
                    "{number} things must be mended first; the list below says where and how.",
                    self.errors,
                )
            case ReceiptState.HELD:
                return say("Nothing need be done: it is looked at again at the next run.")
            case ReceiptState.FAILED | ReceiptState.STORED:
                return say("The system failed, not you. It is tried again at the next run.")
            case _:
                return say("It is kept. What is listed does not stop it.")


@dataclass(frozen=True, slots=True)
class DeliveryProblems:
    """A delivery that is not all taken, for the page and the text beside it. Times are aware."""

    archive: Archive
    delivery: str
    checked_at: datetime
    agent: str
    documents: tuple[DocumentProblems, ...] = field(default=())
    loose: tuple[Problem, ...] = ()

    @property
    def open(self) -> tuple[DocumentProblems, ...]:
        """The documents that were not taken: refused ones first."""
        order = [ReceiptState.REFUSED, ReceiptState.HELD]
        waiting = (one for one in self.documents if one.state not in _TAKEN)
        return tuple(
            sorted(waiting, key=lambda one: order.index(one.state) if one.state in order else 2)
        )

    @property
    def taken(self) -> tuple[DocumentProblems, ...]:
        """The documents that are kept."""
        return tuple(one for one in self.documents if one.state in _TAKEN)

    @property
    def figures(self) -> tuple[tuple[str, str, str], ...]:
        """The summary as (number, what it counts, "good", "bad" or ""); nothing that is none."""
        states = Counter(one.state for one in self.documents)
        taken = sum(states[state] for state in _TAKEN)
        failed = states[ReceiptState.FAILED] + states[ReceiptState.STORED]
        held, refused = states[ReceiptState.HELD], states[ReceiptState.REFUSED]
        files = sum(one.files for one in self.documents)
        told = (
            (len(self.documents), say_many("document", "documents", len(self.documents)), ""),
            (taken, say("taken"), "good"),
            (held, say("held back"), ""),
            (refused, say("not taken"), "bad"),
            (failed, say("not finished"), "bad"),
            (files, say_many("file", "files", files), ""),
        )
        size = size_in_words(sum(one.size for one in self.documents))
        shown = [(str(number), label, tone) for number, label, tone in told if number]
        return (*shown, (size, say("handed over"), ""))

    @property
    def checked(self) -> Phrase:
        """When it was looked at."""
        return say("It was checked on {time}.", time=time_in_words(self.checked_at))

    @property
    def next(self) -> Phrase:
        """What happens next, and whom to ask."""
        contact = ", ".join(contact_of(self.archive))
        if not contact:
            return _NEXT
        asking = say("If something here is unclear, ask {contact}.", contact=contact)
        return together((_NEXT, asking))


def by_weight(problems: Iterable[Problem]) -> list[Problem]:
    """Errors first, then warnings, then notes; otherwise in the order given."""
    order = list(Severity)
    return sorted(problems, key=lambda problem: order.index(problem.severity))


def problems_html(problems: DeliveryProblems, lang: str = "en") -> str:
    """``_PROBLEMS.html``: one page that needs nothing beside it. Write it as UTF-8."""
    return render("problems.html.j2", problems.archive, lang, delivery=problems)


def problems_text(problems: DeliveryProblems, lang: str = "en") -> str:
    """``_PROBLEMS.txt``: each document that was not taken, its problems numbered.

    Write it as UTF-8.
    """
    said = spoken(lang)
    lines = []
    for document in problems.open:
        title = said(document.heading)
        lines += [wrapped(title), "=" * min(78, len(title)), ""]
        sentences = (problems.checked, document.cause, document.sentence)
        lines.append(wrapped(" ".join(said(one) for one in sentences if one)))
        lines += [*_document(document.ordered, said), "", ""]
    if problems.loose:
        title = said(say("Beside the documents"))
        lines += [title, "=" * len(title), *_document(by_weight(problems.loose), said), "", ""]
    lines += [said(say("What happens next")).upper(), "", wrapped(said(problems.next))]
    return "\n".join([*lines, ""])


def _document(problems: Iterable[Problem], said: Callable[[str], str]) -> list[str]:
    where, what, mend = (said(label) for label in (say("Where:"), say("What:"), say("Do:")))
    width = max(map(len, (where, what, mend)))
    indent = " " * (6 + width)
    lines = []
    heading: Severity | None = None
    for number, problem in enumerate(problems, start=1):
        if problem.severity is not heading:
            heading = problem.severity
            lines += ["", wrapped(said(_HEADINGS[heading]).upper())]
        lines += [
            "",
            wrapped(
                f"{said(place(problem))}  [{problem.code}]",
                indent,
                f"{number:>3}. {where:<{width}} ",
            ),
            wrapped(said(problem.message), indent, f"     {what:<{width}} "),
            wrapped(said(problem.remedy), indent, f"     {mend:<{width}} "),
        ]
    return lines
