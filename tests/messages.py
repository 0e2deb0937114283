"""Collect all sentences that people read into the translation, and compile it (``make messages``).

Run it after any change of a message; then fill in what is empty or marked fuzzy in the .po file.
"""

import io
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "packages/wiazka/locale/pl/LC_MESSAGES/wiazka.po"
_KEYWORDS = {
    "say": None,
    "say_many": (1, 2),
    "_kind": (3,),
    "gettext": None,
    "ngettext": (1, 2),
    "_": None,
}


def extracted() -> Catalog:
    """Every sentence in the code and the templates, with where it stands."""
    mapping = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    methods = [(one["pattern"], one["method"]) for one in mapping["mappings"]]
    options = {one["pattern"]: {"trimmed": "true"} for one in mapping["mappings"]}
    catalogue = Catalog()
    for file, _line, message, comments, context in extract_from_dir(
        ROOT, methods, options, keywords=_KEYWORDS
    ):
        # No line numbers: they would change the file with every change of the code.
        catalogue.add(message, locations=[(file, 1)], auto_comments=comments, context=context)
    return catalogue


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
