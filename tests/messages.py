"""Collect all sentences that people read into the translation, and compile it (``make messages``).

Run it after any change of a message; then fill in what is empty or marked fuzzy in the .po file.
"""

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "packages/wiazka/locale/pl/LC_MESSAGES/wiazka.po"
_KEYWORDS = {
    "python": {"say": None, "say_many": (1, 2), "_kind": (3,)},
    "jinja2": {"_": None},
}


def extracted() -> Catalog:
    """Every sentence in the code and the templates, with where it stands."""
    mapping = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    catalogue = Catalog()
    for one in mapping["mappings"]:
        # In Python an underscore is a name like any other.
        keywords = _KEYWORDS[one["method"]]
        methods = [(one["pattern"], one["method"])]
        for file, _line, message, *_ in extract_from_dir(ROOT, methods, keywords=keywords):
            # No line numbers: they would change the file with every change of the code.
            catalogue.add(message, locations=[(file, 1)])
    for sentence in _policy():
        catalogue.add(sentence, locations=[("config/formats.toml", 1)])
    return catalogue


def _policy() -> Iterator[str]:
    """The reasons and remedies of the format policy."""
    policy = tomllib.loads((ROOT / "config/formats.toml").read_text("utf-8"))
    for part in (*policy["roles"].values(), *policy["refused"]):
        yield from (part[name] for name in ("reason", "remedy") if name in part)


def translation() -> Catalog:
    """The Polish translation as it is."""
    with PO.open("rb") as file:
        return read_po(file, locale="pl", domain="wiazka")


def compiled(catalogue: Catalog) -> bytes:
    """A translation as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Update and compile, and say what is left to be translated."""
    catalogue = translation()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    PO.with_suffix(".mo").write_bytes(compiled(translation()))
    empty = [message.id for message in catalogue if message.id and not _said(message.string)]
    print(f"{len(catalogue)} sentences, {len(empty)} to be translated")
    for one in empty:
        print(f"  {one}")


def _said(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    main()
