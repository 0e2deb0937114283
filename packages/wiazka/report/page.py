"""Pages that stand alone: one HTML file, nothing fetched, no script."""

import os
from base64 import b64encode
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from wiazka.phrase import in_language, translations
from wiazka.report import words
from wiazka.report.strip import page_texts
from wiazka.settings import Archive

_PNG = b"\x89PNG"
_LONGEST = 180


def render(template: str, archive: Archive, lang: str, **values: object) -> str:
    """A page from a template here, under the archive's letterhead; every value is escaped.

    Phrases among the values, and the words of the template, are said in ``lang``.
    """
    return _templates(lang).get_template(template).render(archive=archive, lang=lang, **values)


def data_uri(picture: bytes) -> str:
    """A JPEG or PNG as a ``data:`` address, so that the page needs no file beside it."""
    mime = "image/png" if picture.startswith(_PNG) else "image/jpeg"
    return f"data:{mime};base64,{b64encode(picture).decode('ascii')}"


@cache
def _templates(lang: str) -> Environment:
    # Titles and names come from strangers: without escaping they could carry markup.
    environment = Environment(
        loader=PackageLoader("wiazka.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(in_language, lang=lang),
    )
    catalogue = translations(lang)
    environment.globals |= {
        "_": catalogue.gettext,
        "grades": words.GRADES,
        "severities": words.SEVERITIES,
        "check_names": words.CHECKS,
        "check_outcomes": words.OUTCOMES_OF_CHECKS,
        "written_by": words.written_by,
        "held_as": words.held_as,
        "is_missing": words.is_missing,
        "more_pages": words.more_pages,
    }
    environment.filters |= {
        "size": words.size_in_words,
        "decimal": words.decimal,
        "checks": words.checks_counted,
        "span": words.span_in_words,
        "euro": words.euro_in_words,
        "when": words.time_in_words,
        "language": words.language_in_words,
        "file_facts": words.file_in_words,
        "source_parts": words.source_in_words,
        "agent_groups": words.agents_in_words,
        "text_language": words.text_language,
        "technical": words.technical_in_words,
        "accepted": words.accepted_in_words,
        "page_texts": page_texts,
        "place": words.place,
        "data_uri": data_uri,
        "verbatim": str,
    }
    return environment


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # In a delivery a stranger may have put a link of that name, to be written through.
        unfinished.unlink(missing_ok=True)
        with unfinished.open("x", encoding="utf-8") as stream:
            stream.write(text)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def file_name(name: str) -> str:
    """``name`` short enough to be given an ending; two long names stay two."""
    data = name.encode()
    if len(data) <= _LONGEST:
        return name
    digest = sha256(data).hexdigest()[:8]
    return f"{data[: _LONGEST - 9].decode(errors='ignore')}~{digest}"
