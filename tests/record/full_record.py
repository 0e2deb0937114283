"""Records with a value in every field of the model, whatever fields it will have."""

from dataclasses import is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

from hypothesis import strategies as st

from wiazka.problem_kinds import Problem, Severity
from wiazka.record.model import Record, Value

Model = TypeVar("Model", bound=Value)

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        *(
            "",
            " ",
            "\x00\x07\x1b",
            "\ufffe\uffff",
            "]]>",
            "<&\"'",
            "\r\n",
            "a\r\nb",
            "zażółć gęślą",
        ),
        *("1984-06-04", "1962-21", "../1962", "en-t-pl", "fmt/353", "data/objects/a.tif"),
        "https://creativecommons.org/licenses/by/4.0/",
        "http://rightsstatements.org/vocab/NoC-US/1.0/",
    ]
)


def _any(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotation that the model uses."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is str:
        return TEXTS
    if kind is int:
        return st.integers(0, 2**63 - 1)
    if kind is float:
        return st.floats(1, 10_000)
    if kind is NoneType:
        return st.none()
    if origin is UnionType or str(origin) == "typing.Union":
        return st.one_of(*(_any(one) for one in inner))
    if origin is tuple:
        return st.lists(_any(inner[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXTS, TEXTS, max_size=2)
    if origin is Literal:
        return st.sampled_from(inner)
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    if is_dataclass(kind):
        return st.from_type(kind)
    return any_of(kind)


def any_of(model: type[Model]) -> st.SearchStrategy[Model]:
    """Any value of a model, with or without each of its fields."""
    fields = model.model_fields.items()
    return st.builds(
        model, **{name: _any(field.annotation) for name, field in fields if name != "model_version"}
    )


RECORDS = any_of(Record)

# Fields whose text is more than text to the writers: the value, and another one.
_CHOSEN = {
    "files.path": ("data/objects/⟨files.path⟩", "data/objects/other"),
    "files.role": ("scan", "translation"),
}


def full() -> dict[str, Any]:
    """A record, as the mapping that ``Record`` reads, with one value in every field.

    Text names its own field: the title is ``⟨title⟩``.
    """
    return _full(Record, "")


def _full(model: type[Value], prefix: str) -> dict[str, Any]:
    return {
        name: _one(field.annotation, f"{prefix}{name}")
        for name, field in model.model_fields.items()
    }


def _one(kind: Any, path: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if path in _CHOSEN:
        return _CHOSEN[path][0]
    if kind is str:
        return f"⟨{path}⟩"
    if kind is int:
        return 7_000_000 + sum(path.encode())
    if kind is float:
        return 7_000_000.5 + sum(path.encode())
    if origin is UnionType or str(origin) == "typing.Union":
        return _one(next(one for one in inner if one is not NoneType), path)
    if origin is tuple:
        return [_one(inner[0], path)]
    if origin is dict:
        return {"key": f"⟨{path}⟩"}
    if origin is Literal:
        return inner[0]
    if issubclass(kind, StrEnum):
        return next(iter(kind))
    if kind is Problem:
        return Problem("some-code", Severity.NOTE, "", None, f"⟨{path}⟩", "")
    return _full(kind, f"{path}.")


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """The values of ``full()`` by their field: ``agents.name``."""
    if isinstance(value, list):
        return leaves(value[0], path)
    if isinstance(value, dict) and path != "extra":
        found: dict[str, Any] = {}
        for key, inner in value.items():
            found |= leaves(inner, f"{path}.{key}".strip("."))
        return found
    return {path: value}


def changed(record: dict[str, Any], path: str) -> dict[str, Any]:
    """The same record with another value in one field."""
    head, _, rest = path.partition(".")
    inner = record[head][0] if isinstance(record[head], list) else record[head]
    new = _changed_inside(inner, rest, path) if rest else _other(inner, path)
    return {**record, head: [new] if isinstance(record[head], list) else new}


def _changed_inside(value: dict[str, Any], rest: str, path: str) -> dict[str, Any]:
    head, _, deeper = rest.partition(".")
    inner = value[head][0] if isinstance(value[head], list) else value[head]
    new = _changed_inside(inner, deeper, path) if deeper else _other(inner, path)
    return {**value, head: [new] if isinstance(value[head], list) else new}


def _other(value: Any, path: str) -> Any:
    if path in _CHOSEN:
        return _CHOSEN[path][1]
    if isinstance(value, StrEnum):
        return list(type(value))[-1]
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, dict):
        return {"other key": "other value"}
    if isinstance(value, Problem):
        return Problem("other-code", Severity.NOTE, "", None, "other", "")
    literals = {
        "person": "organisation",
        "title": "filed",
        "original": "relay",
        "recto": "verso",
        "success": "warning",
    }
    return literals.get(value, "⟨other⟩")
