"""Pages that stand alone: one HTML file, nothing fetched, no script."""

import os
from base64 import b64encode
from contextlib import suppress
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from wiazka.report import words
from wiazka.report.problems import place
from wiazka.settings import Archive

_PNG = b"\x89PNG"


def render(template: str, archive: Archive, **values: object) -> str:
    """A page from a template here, under the archive's letterhead; every value is escaped."""
    return _templates().get_template(template).render(archive=archive, **values)


def data_uri(picture: bytes) -> str:
    """A JPEG or PNG as a ``data:`` address, so that the page needs no file beside it."""
    mime = "image/png" if picture.startswith(_PNG) else "image/jpeg"
    return f"data:{mime};base64,{b64encode(picture).decode('ascii')}"


@cache
def _templates() -> Environment:
    # Titles and names come from strangers: without escaping they could carry markup.
    environment = Environment(
        loader=PackageLoader("wiazka.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["grades"] = words.GRADES
    environment.filters |= {
        "size": words.size_in_words,
        "when": words.time_in_words,
        "language": words.language_in_words,
        "file_facts": words.file_in_words,
        "source_parts": words.source_in_words,
        "agent_groups": words.agents_in_words,
        "counted": words.counted,
        "place": place,
        "data_uri": data_uri,
    }
    return environment


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
