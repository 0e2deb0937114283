"""Which formats each role takes (config/formats.toml), and whether a name says what a file is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from wiazka import problem_kinds
from wiazka.intake.model import FileRole
from wiazka.phrase import Phrase, listed, say
from wiazka.problem_kinds import Problem
from wiazka.settings import config_dir


@dataclass(frozen=True, slots=True)
class Takes:
    """What one role takes: ``preferred`` before ``accepted``; ``reason`` is shown with the rest."""

    preferred: tuple[str, ...]
    accepted: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What no archive of this policy takes, by media type or by a name's ending, and why."""

    roles: tuple[str, ...]
    types: tuple[str, ...]
    endings: tuple[str, ...]
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole format policy. ``endings`` are the usual ones of a media type, best first."""

    roles: Mapping[str, Takes]
    refused: tuple[Refused, ...]
    endings: Mapping[str, tuple[str, ...]]

    def types_of(self, ending: str) -> frozenset[str]:
        """The media types that a file with this ending can be."""
        return frozenset(mime for mime, usual in self.endings.items() if ending in usual)


@cache
def policy() -> Policy:
    """The format policy in force."""
    table = tomllib.loads((config_dir() / "formats.toml").read_text(encoding="utf-8"))
    return Policy(
        {
            role: Takes(tuple(one["preferred"]), tuple(one["accepted"]), one["reason"])
            for role, one in table["roles"].items()
        },
        tuple(
            Refused(
                tuple(one.get("roles", ())),
                tuple(one.get("types", ())),
                tuple(one.get("endings", ())),
                one["reason"],
                one["remedy"],
            )
            for one in table["refused"]
        ),
        {mime: tuple(usual) for mime, usual in table["endings"].items()},
    )


def against_policy(name: str, role: FileRole, mime: str) -> list[Problem]:
    """What the policy has against a file: that it is refused, or not expected in its folder."""
    ending = _ending(name)
    for rule in policy().refused:
        if (rule.roles and role not in rule.roles) or role is FileRole.SIDECAR:
            continue
        if mime in rule.types or ending in rule.endings:
            return [
                problem_kinds.FORMAT_REFUSED.at(
                    name,
                    say("'{name}' is refused: {reason}", name=name, reason=_chosen(rule.reason)),
                    _chosen(rule.remedy),
                )
            ]
    takes = policy().roles.get(role)
    if takes is None or mime in takes.preferred or mime in takes.accepted:
        return []
    return [
        problem_kinds.FORMAT_UNEXPECTED.at(
            name,
            say(
                "'{name}' is {mime}, which is not expected in its folder.",
                name=name,
                mime=mime,
            ),
            say("{reason} Check that it lies in the right folder.", reason=_chosen(takes.reason)),
        )
    ]


def not_what_is_named(name: str, mime: str) -> Phrase | None:
    """What a file should be by its name, where it holds text or bytes of no kind instead.

    A scan whose beginning was lost, or a web page that says "not found", is no image.
    """
    meant = policy().types_of(_ending(name))
    if not meant or mime in meant or not mime.startswith(("text/", "application/octet-stream")):
        return None
    if all(one.startswith("image/") for one in meant):
        return say("image")
    if "application/pdf" in meant:
        return say("PDF")
    return (
        say("document") if any("office" in one or "opendocument" in one for one in meant) else None
    )


def against_name(name: str, mime: str) -> list[Problem]:
    """A file whose name ends as that of another format; only endings of known formats tell."""
    ending = _ending(name)
    meant = policy().types_of(ending)
    usual = policy().endings.get(mime)
    if not meant or mime in meant:
        return []
    stem = name[: -len(ending)]
    if usual is None:
        remedy = say("Give it the ending of what it is, or copy it again.")
    else:
        right = listed([f"{PurePosixPath(stem).name}{one}" for one in usual[:2]])
        remedy = say(
            "Rename it, here and in the checksum file if there is one: {right}.", right=right
        )
    return [
        problem_kinds.EXTENSION_DIFFERS.at(
            name,
            say("'{name}' ends in '{ending}', but is {mime}.", name=name, ending=ending, mime=mime),
            remedy,
        )
    ]


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.casefold()


def _chosen(text: str) -> Phrase:
    """A sentence of the policy: in another language where the catalogue has it."""
    return say(text.replace("{", "{{").replace("}", "}}"))
