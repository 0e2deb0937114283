"""Reading a sidecar: ``record.yaml``, or ``record.txt`` with the record page pasted in."""

from collections.abc import Iterator
from dataclasses import replace

import yaml

from wiazka.phrase import Phrase, say, together
from wiazka.problem_kinds import SIDECAR_UNREADABLE, VALUE_INVALID, Problem
from wiazka.record import accepted
from wiazka.record.fields import Given, Reading
from wiazka.record.keys import PAGES_MISSING, key_named
from wiazka.record.page import page_said
from wiazka.record.said import Said, decoded, merge

SIDECAR_NAMES = ("record.yaml", "record.yml", "record.txt")

# A record has two levels. Deeper nesting is a mistake, or meant to exhaust the reader.
_DEEPEST = 8
_EXAMPLE = say('A right line looks like: title: "Report: a conversation with Kim Il Sung"')
# What the parser says of the mistakes that are made most.
_YAML_SAYS: dict[str, str] = {
    str(said): said
    for said in (
        say("mapping values are not allowed here"),
        say("could not find expected ':'"),
        say("found unexpected end of stream"),
        say("found unexpected ':'"),
        say("found undefined alias"),
        say("did not find expected key"),
        say("found unexpected document separator"),
        say("expected <block end>, but found '{found}'", found="<scalar>"),
        say("expected <block end>, but found '{found}'", found="<block mapping start>"),
        say("expected <block end>, but found '{found}'", found="-"),
        say("expected the node content, but found '{found}'", found="-"),
        say("expected ',' or ']', but got '{found}'", found="<stream end>"),
        say("expected ',' or ']', but got '{found}'", found=":"),
        say("found character '{found}' that cannot start any token", found="\\t"),
        say("found character '{found}' that cannot start any token", found="@"),
        say("found character '{found}' that cannot start any token", found="`"),
        say("found character '{found}' that cannot start any token", found="%"),
    )
}


def read_sidecar(name: str, data: bytes) -> Reading:
    """The record that a sidecar holds, and everything that is wrong with it.

    In YAML every scalar is read as text: ``30/87``, ``1984-06-04`` and ``no`` stay what they are.
    Repeated keys, aliases and tags are refused with their line. Nothing is raised.
    """
    return merge([sidecar_said(name, data)])


def sidecar_said(name: str, data: bytes) -> Said:
    """What a sidecar says, before it is merged with what others say of the same document."""
    text, problems = decoded(name, data, certain=True)
    if text is None:
        return Said(name, name, None, problems)
    read = page_said if name.lower().endswith(".txt") else yaml_said
    said = read(text, name)
    return replace(said, problems=(*problems, *said.problems))


def yaml_said(text: str, name: str) -> Said:
    """The keys and values of a YAML text; ``name`` is its file's."""
    try:
        if fault := _forbidden(name, text):
            return Said(name, name, None, (fault,))
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return Said(name, name, None, (_syntax(name, text, error),))
    if node is None:
        return Said(name, name, ())
    if not isinstance(node, yaml.MappingNode):
        message = say("{name} holds no keys; it should be lines of 'key: value'.", name=name)
        return Said(name, name, None, (SIDECAR_UNREADABLE.at(name, message, _EXAMPLE),))
    return Said(name, name, tuple(_given(name, text, node)), tuple(_nested(name, node)))


def _forbidden(name: str, text: str) -> Problem | None:
    depth = 0
    documents = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        message: Phrase | None = None
        if isinstance(event, yaml.AliasEvent):
            at = _at(name, text, event)
            message = say("{name}, line {line} refers to another value with '*': {text}", **at)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                at = _at(name, text, event)
                message = say(
                    "{name}, line {line} begins a second document with '---': {text}", **at
                )
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                at = _at(name, text, event)
                message = say("{name}, line {line} is nested too deeply: {text}", **at)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if message:
            remedy = say("Write the value out, in quotes where it begins with a sign.")
            return SIDECAR_UNREADABLE.at(name, message, together([remedy, _EXAMPLE]))
    return None


def _at(name: str, text: str, event: yaml.Event) -> dict[str, str | int]:
    line = event.start_mark.line if event.start_mark else 0
    return {"name": name, "line": line + 1, "text": _line(text, line)}


def _given(name: str, text: str, node: yaml.MappingNode) -> Iterator[Given]:
    for key, value in node.value:
        where = say(
            "{name}, line {line}", name=name.removeprefix("../"), line=key.start_mark.line + 1
        )
        said = str(key.value) if isinstance(key, yaml.ScalarNode) else _written(text, key)
        if key_named(said) == accepted.KEY:
            yield Given(said, accepted.written_out(value), where)
        elif isinstance(value, yaml.ScalarNode):
            yield Given(said, _scalar(value), where)
        elif _is_list(value):
            yield Given(said, _items(value), where)
        elif reasons := _reasons(key_named(said), value):
            yield Given(said, reasons, where)
        else:
            yield Given(said, (_written(text, value),), where)


def _nested(name: str, node: yaml.MappingNode) -> Iterator[Problem]:
    for key, value in node.value:
        known = key_named(str(key.value)) if isinstance(key, yaml.ScalarNode) else None
        if not known or known == accepted.KEY:
            continue
        if isinstance(value, yaml.ScalarNode) or _is_list(value):
            continue
        if not _reasons(known, value):
            yield VALUE_INVALID.at(
                name,
                say(
                    "{name}, line {line}: '{key}' holds keys of its own, where a value or a list "
                    "of values was expected.",
                    name=name,
                    line=key.start_mark.line + 1,
                    key=key.value,
                ),
                say('Write the value in one line, in quotes, as in: {key}: "…"', key=known),
                field=known,
            )


def _reasons(key: str | None, node: yaml.Node) -> tuple[str, ...]:
    """``7: lost`` as one value, for the key whose values may have reasons; else nothing."""
    if key != PAGES_MISSING:
        return ()
    said: list[str] = []
    for part in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        pairs = part.value if isinstance(part, yaml.MappingNode) else [(part,)]
        for pair in pairs:
            if not all(isinstance(one, yaml.ScalarNode) for one in pair):
                return ()
            said.append(": ".join(one.value for one in pair if one.value))
    return tuple(said)


def _is_list(node: yaml.Node) -> bool:
    return isinstance(node, yaml.SequenceNode) and all(
        isinstance(item, yaml.ScalarNode) for item in node.value
    )


def _items(node: yaml.SequenceNode) -> tuple[str, ...]:
    """The values of a list. ``[ru (original, inferred), pl]`` is two of them, as its writer meant:
    YAML alone splits at every comma.
    """
    items: list[str] = []
    for value in (value for item in node.value for value in _scalar(item)):
        if node.flow_style and items and items[-1].count("(") > items[-1].count(")"):
            items[-1] += f", {value}"
        else:
            items.append(value)
    return tuple(items)


def _scalar(node: yaml.ScalarNode) -> tuple[str, ...]:
    empty = node.style is None and node.value in {"", "~", "null"}
    return () if empty else (str(node.value),)


def _written(text: str, node: yaml.Node) -> str:
    return text[node.start_mark.index : node.end_mark.index].strip()


def _syntax(name: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:  # a ReaderError: a character that YAML does not allow
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position)
        message = say(
            "{name}, line {line} has a control character, which no text should have: {text}",
            name=name,
            line=line + 1,
            text=_line(text, line),
        )
    else:
        why = str(getattr(error, "problem", error))
        message = say(
            "{name}, line {line} cannot be read ({why}): {text}",
            name=name,
            line=mark.line + 1,
            why=_YAML_SAYS.get(why, why),
            text=_line(text, mark.line),
        )
    remedy = say("Put the value in double quotes; indent with blanks, not tabs.")
    return SIDECAR_UNREADABLE.at(name, message, together([remedy, _EXAMPLE]))


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number].strip()[:200] if number < len(lines) else ""
