"""What opening one file gave, and the problems that any format can have."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wiazka import problem_kinds
from wiazka.intake.model import Seen, Technical
from wiazka.phrase import say
from wiazka.problem_kinds import Problem

if TYPE_CHECKING:
    from lxml import etree


_NOTHING_SEEN = Seen()


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a file showed, was seen on the way, and is wrong with it.

    ``text`` is all of its text and ``root`` its parsed XML, where it has such.
    """

    technical: Technical
    seen: Seen = _NOTHING_SEEN
    problems: tuple[Problem, ...] = ()
    text: str | None = None
    root: "etree._Element | None" = None


def damaged(name: str, what: str, why: str) -> Problem:
    """A file that does not open to its end; ``what`` it should be, ``why`` it is not."""
    return problem_kinds.DAMAGED_FILE.at(
        name,
        say(
            "'{name}' does not open as a whole {what}: it is damaged or was cut off while being "
            "copied ({why}).",
            name=name,
            what=what,
            why=why,
        ),
        say(
            "Copy the file again from where it came from, and open it to see that it is whole.",
        ),
    )


def bomb(name: str, why: str) -> Problem:
    """A file that would become far too large when opened."""
    return problem_kinds.BOMB.at(
        name,
        say("'{name}' was not opened to its end: {why}.", name=name, why=why),
        say(
            "If the file is what it should be, divide it into smaller ones; if you do not know "
            "where it comes from, remove it."
        ),
    )


def locked(name: str) -> Problem:
    """A file that asks for a password."""
    return problem_kinds.FORMAT_REFUSED.at(
        name,
        say("'{name}' is locked with a password; in twenty years nobody will know it.", name=name),
        say("Save it again without a password."),
    )
