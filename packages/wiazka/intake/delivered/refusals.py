"""How the faults of a packed file are told."""

from wiazka import problem_kinds
from wiazka.intake.delivered.members import Names
from wiazka.intake.names import printable
from wiazka.phrase import Phrase, listed, say
from wiazka.problem_kinds import Problem


def refused(name: str, fault: str, names: list[str]) -> Problem:
    """Members that cannot be written; ``fault`` says why."""
    members = listed(names)
    again = say("Put the files themselves into one folder, and pack that folder again.")
    match fault:
        case "locked":
            kind = problem_kinds.ARCHIVE_ENCRYPTED
            told = say("'{name}' is locked with a password: {members}.", name=name, members=members)
            again = say("Pack the folder again without a password.")
        case "link":
            kind = problem_kinds.ARCHIVE_UNSAFE
            told = say("'{name}' holds links, not files: {members}.", name=name, members=members)
        case "special":
            kind = problem_kinds.ARCHIVE_UNSAFE
            told = say(
                "'{name}' holds devices or pipes, not files: {members}.", name=name, members=members
            )
        case "outside":
            kind = problem_kinds.ARCHIVE_UNSAFE
            told = say(
                "'{name}' holds files that would be written outside of its folder: {members}.",
                name=name,
                members=members,
            )
        case "twice":
            kind = problem_kinds.ARCHIVE_UNSAFE
            told = say(
                "'{name}' holds two files of one name: {members}.", name=name, members=members
            )
        case _:
            kind = problem_kinds.ARCHIVE_UNSAFE
            told = say(
                "'{name}' holds files with names that no folder can hold: {members}.",
                name=name,
                members=members,
            )
            again = say(
                "Give the files plain names, for example 0001r.tif, and pack the folder again."
            )
    return kind.at(name, told, again)


def assumed(name: str, assumed: Names) -> Problem:
    """Names that do not say their encoding."""
    return problem_kinds.ARCHIVE_NAMES.at(
        name,
        say(
            "The names of files in '{name}' do not say their encoding; they were read as "
            "{encoding}, for example '{example}'.",
            name=name,
            encoding=assumed.encoding,
            example=printable(assumed.example),
        ),
        say(
            "See whether the accents are right; if not, pack the folder with a program that "
            "writes UTF-8 names, for example 7-Zip."
        ),
    )


def too_large(name: str, limit: Phrase) -> Problem:
    """A packed file that goes beyond a limit; ``limit`` says which."""
    return problem_kinds.ARCHIVE_TOO_LARGE.at(
        name,
        say("'{name}' would unpack to {limit}.", name=name, limit=limit),
        say(
            "Hand the folder over as it is, unpacked; or ask the administrator to raise the "
            "limit in wiazka.toml, under [intake]."
        ),
    )


def unknown_method(name: str, why: str) -> Problem:
    """Members packed by a method that zipfile does not read."""
    return problem_kinds.ARCHIVE_NOT_TAKEN.at(
        name,
        say("'{name}' is packed by a method that is not known here: {why}.", name=name, why=why),
        say("Pack the folder again as an ordinary zip file, or hand it over unpacked."),
    )


def damaged(name: str, why: str) -> Problem:
    """A packed file that does not read to its end."""
    return problem_kinds.ARCHIVE_DAMAGED.at(
        name,
        say(
            "'{name}' does not open to its end: it is damaged or was cut off while being copied "
            "({why}).",
            name=name,
            why=why,
        ),
        say("Copy the file again from its origin, and unpack it there to see that it is whole."),
    )
