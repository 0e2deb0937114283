"""Reading a sidecar: ``record.yaml``, or ``record.txt`` with the record page pasted in."""

from collections.abc import Iterator

import yaml

from wiazka.errors import SIDECAR_UNREADABLE, VALUE_INVALID, Problem
from wiazka.record.fields import Given, Reading, build
from wiazka.record.page import read_page
from wiazka.record.text import read_text

SIDECAR_NAMES = ("record.yaml", "record.yml", "record.txt")

# A record has two levels. Deeper nesting is a mistake, or meant to exhaust the reader.
_DEEPEST = 8
_EXAMPLE = 'A right line looks like: title: "Report: a conversation with Kim Il Sung"'


def read_sidecar(name: str, data: bytes) -> Reading:
    """The record that a sidecar holds, and everything that is wrong with it.

    In YAML every scalar is read as text: ``30/87``, ``1984-06-04`` and ``no`` stay what they are.
    Repeated keys, aliases and tags are refused with their line. Nothing is raised.
    """
    try:
        text = read_text(data)
    except UnicodeDecodeError as error:
        return Reading(None, (_not_utf8(name, data, error),))
    if name.lower().endswith(".txt"):
        return read_page(text, name)
    return _read_yaml(name, text)


def _read_yaml(name: str, text: str) -> Reading:
    try:
        if fault := _forbidden(name, text):
            return Reading(None, (fault,))
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return Reading(None, (_syntax(name, text, error),))
    if node is None:
        return build((), name)
    if not isinstance(node, yaml.MappingNode):
        message = f"{name} holds no keys; it should be lines of 'key: value'."
        return Reading(None, (SIDECAR_UNREADABLE.at(name, message, _EXAMPLE),))
    reading = build(_given(text, node), name)
    return Reading(reading.record, (*reading.problems, *_nested(name, node)))


def _forbidden(name: str, text: str) -> Problem | None:
    depth = 0
    documents = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        what = None
        if isinstance(event, yaml.AliasEvent):
            what = "refers to another value with '*'"
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            what = "begins a second document with '---'" if documents > 1 else None
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            what = "is nested too deeply" if depth > _DEEPEST else None
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if what:
            line = event.start_mark.line if event.start_mark else 0
            message = f"{name}, line {line + 1} {what}: {_line(text, line)}"
            remedy = f"Write the value out, in quotes where it begins with a sign. {_EXAMPLE}"
            return SIDECAR_UNREADABLE.at(name, message, remedy)
    return None


def _given(text: str, node: yaml.MappingNode) -> Iterator[Given]:
    for key, value in node.value:
        where = f"line {key.start_mark.line + 1}"
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else _written(text, key)
        if isinstance(value, yaml.ScalarNode):
            yield Given(name, _scalar(value), where)
        elif _is_list(value):
            yield Given(name, _items(value), where)
        else:
            yield Given(name, (_written(text, value),), where)


def _nested(name: str, node: yaml.MappingNode) -> Iterator[Problem]:
    from wiazka.record.keys import key_named

    for key, value in node.value:
        known = key_named(str(key.value)) if isinstance(key, yaml.ScalarNode) else None
        if known and not isinstance(value, yaml.ScalarNode) and not _is_list(value):
            yield VALUE_INVALID.at(
                name,
                f"{name}, line {key.start_mark.line + 1}: '{key.value}' holds keys of its own, "
                "where a value or a list of values was expected.",
                f'Write the value in one line, in quotes, as in: {known}: "…"',
                field=known,
            )


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
        what = "has a control character, which no text should have"
    else:
        line = mark.line
        what = f"cannot be read ({getattr(error, 'problem', error)})"
    return SIDECAR_UNREADABLE.at(
        name,
        f"{name}, line {line + 1} {what}: {_line(text, line)}",
        "Put the value in double quotes; indent with blanks, not tabs. " + _EXAMPLE,
    )


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number].strip()[:200] if number < len(lines) else ""


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    beginning = data[: error.start].rsplit(b"\n", 1)[-1].decode("utf-8", "replace")
    return SIDECAR_UNREADABLE.at(
        name,
        f"{name}, line {line} is not UTF-8 after: {beginning[-60:]}",
        "Save it again as UTF-8 (in Notepad: Save As, Encoding: UTF-8).",
    )
