"""Warnings that staff looked at and let be, as they write them: of what, who, and why."""

import re
from collections.abc import Iterable, Sequence

import yaml

from wiazka.phrase import Phrase, say
from wiazka.problem_kinds import ACCEPTANCE_INCOMPLETE, PROBLEM_KINDS, Problem
from wiazka.record.model import Accepted
from wiazka.record.text import nearest, words

KEY = "accepted"
_LINE = re.compile(
    r"(?P<code>[\w-]+)(?:\s+(?P<path>[^:]+?))?\s*:\s*(?P<reason>.*?)\s*(?:\((?P<by>[^()]*)\))?",
    re.DOTALL,
)
_PARTS = {
    "code": ("code", "kod"),
    "path": ("path", "file", "sciezka", "plik"),
    "by": ("by", "who", "kto", "przez"),
    "reason": ("reason", "why", "powod", "dlaczego"),
}
_PART_NAMED = {name: part for part, names in _PARTS.items() for name in names}
_EXAMPLE = say(
    'Write it as in: accepted: ["field-absent translator: nobody knows who (Anna Kowalska)"]'
)


def read_accepted(
    values: Iterable[tuple[str, str]],
) -> tuple[tuple[Accepted, ...], tuple[Problem, ...]]:
    """What is said to be accepted, and a problem for each that lacks a part.

    ``values`` are as written, each with the place it stands in. Nothing is known yet of the
    warnings themselves: ``message`` is that place.
    """
    accepted: list[Accepted] = []
    problems: list[Problem] = []
    for value, where in values:
        parts = _parts(value)
        if fault := _fault(value, parts):
            problems.append(fault)
            continue
        path = parts.get("path", "")
        accepted.append(
            Accepted(
                code=parts["code"], path=path, message=where, by=parts["by"], reason=parts["reason"]
            )
        )
    return tuple(accepted), tuple(problems)


def written_out(node: yaml.Node) -> tuple[str, ...]:
    """The acceptances of a YAML value: lines, ``code: reason (who)``, or keys of their own."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(line for item in node.value for line in written_out(item))
    if isinstance(node, yaml.ScalarNode):
        return (str(node.value),)
    pairs = [
        (str(key.value), str(value.value))
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    ]
    if any(words(key) in _PARTS["code"] for key, _ in pairs):
        return (yaml.safe_dump(dict(pairs), default_flow_style=True, allow_unicode=True).strip(),)
    return tuple(f"{key}: {value}" for key, value in pairs)


def _parts(value: str) -> dict[str, str]:
    """The parts of one acceptance that are there; none of them empty."""
    found: dict[str, str | None] = {}
    if value.startswith("{"):
        try:
            loaded = yaml.load(value, Loader=yaml.BaseLoader)  # noqa: S506 - scalars stay text
        except yaml.YAMLError:
            loaded = None
        for key, said in loaded.items() if isinstance(loaded, dict) else ():
            if part := _PART_NAMED.get(words(str(key))):
                found[part] = str(said)
    elif line := _LINE.fullmatch(value.strip()):
        found = dict(line.groupdict())
    return {part: said.strip() for part, said in found.items() if said and said.strip()}


def _fault(value: str, parts: dict[str, str]) -> Problem | None:
    missing = [part for part in ("code", "reason", "by") if part not in parts]
    if missing:
        lacking: Sequence[tuple[str, Phrase]] = (
            ("code", say("'{value}' does not name the code of a warning.", value=value)),
            ("reason", say("'{value}' does not say why the warning is accepted.", value=value)),
            ("by", say("'{value}' does not say who accepts the warning.", value=value)),
        )
        message = next(said for part, said in lacking if part == missing[0])
        return ACCEPTANCE_INCOMPLETE.at("", message, _EXAMPLE, field=KEY)
    code = parts["code"]
    if code in PROBLEM_KINDS:
        return None
    near = nearest(code, PROBLEM_KINDS)
    remedy = say("Did you mean '{name}'?", name=near) if near else _EXAMPLE
    message = say("No warning has the code '{code}', which is said to be accepted.", code=code)
    return ACCEPTANCE_INCOMPLETE.at("", message, remedy, field=KEY)
