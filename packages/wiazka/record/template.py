"""Example sidecars, every key explained, in English or Polish; all from config/record-keys.toml."""

import csv
import io
import json
from enum import StrEnum

from wiazka.record.keys import Key, Lang, keys
from wiazka.record.workbook import EXPLANATIONS, Sheet, write_xlsx


class Format(StrEnum):
    """What an example is written as."""

    YAML = "yaml"
    CSV = "csv"
    XLSX = "xlsx"


_HEAD = {
    Lang.EN: (
        "record.yaml: what a document is. Put it into the document's folder, beside scans/.",
        "Every value is read as text, so 30/87 and 1984-06-04 stay what they are. Keys may be",
        "English or Polish. Only title, date and source are needed; take the # away from a key",
        "to use it. Several values: [A, B]. An unknown key is kept, with a warning.",
    ),
    Lang.PL: (
        "record.yaml: czym jest dokument. Plik leży w folderze dokumentu, obok skany/.",
        "Każda wartość czytana jest jako tekst: 30/87 i 1984-06-04 pozostają tym, czym są. Klucze",
        "mogą być polskie albo angielskie. Potrzebne są tylko tytuł, data i sygnatura; żeby użyć",
        "innego klucza, usuń # przed nim. Kilka wartości: [A, B]. Nieznany klucz zostaje,",
        "z ostrzeżeniem.",
    ),
}
_FOLDER = {
    Lang.EN: ("folder", "The name of the document's folder, beside this table."),
    Lang.PL: ("katalog", "Nazwa folderu dokumentu, który leży obok tej tabeli."),
}
_FOLDER_EXAMPLE = "1984-06-04_AMSZ_30-87_w5"
_SHEETS = {
    Lang.EN: ("records", EXPLANATIONS[0], ("column", "what it is", "example")),
    Lang.PL: ("rekordy", EXPLANATIONS[1], ("kolumna", "co to jest", "przykład")),
}
_SEVERAL = {
    Lang.EN: 'Several values stand apart by ";".',
    Lang.PL: "Kilka wartości oddziela się średnikiem.",
}
# Polish Excel takes a semicolon for the separator, and UTF-8 only where a BOM says so.
_DELIMITERS = {Lang.EN: ",", Lang.PL: ";"}
_WIDE, _NARROW = 34, 18


def written(form: Format, lang: Lang) -> bytes:
    """A sidecar filled in with an example; our own readers read it without a problem."""
    if form is Format.YAML:
        return _yaml(lang).encode()
    return _csv(lang) if form is Format.CSV else _xlsx(lang)


def _yaml(lang: Lang) -> str:
    lines = [f"# {line}" for line in _HEAD[lang]]
    for key in keys():
        example = key.examples[lang]
        sign = "" if key.shown and example else "# "
        value = _yaml_value(key, example or key.examples[Lang.EN])
        lines += ["", f"# {key.explanations[lang]}", f"{sign}{key.heading(lang)}: {value}"]
    return "\n".join(lines) + "\n"


def _yaml_value(key: Key, example: str) -> str:
    if not key.kind.is_list:
        return json.dumps(example, ensure_ascii=False)
    items = (json.dumps(item.strip(), ensure_ascii=False) for item in example.split(";"))
    return f"[{', '.join(items)}]"


def _csv(lang: Lang) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=_DELIMITERS[lang], lineterminator="\r\n")
    heading, about = _FOLDER[lang]
    every = keys()
    writer.writerow([heading, *(key.heading(lang) for key in every)])
    # A row that begins with # is a remark: it is nobody's.
    writer.writerow([f"# {about}", *(_about(key, lang) for key in every)])
    writer.writerow(_example(lang))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(lang: Lang) -> bytes:
    heading, about = _FOLDER[lang]
    every = keys()
    title, explanations, headings = _SHEETS[lang]
    records = Sheet(
        title,
        ((heading, *(key.heading(lang) for key in every)), _example(lang)),
        (_WIDE, *(_WIDE if len(key.examples[lang]) > _NARROW else _NARROW for key in every)),
        (about, *(_about(key, lang) for key in every)),
    )
    rows = (
        (key.heading(lang), _about(key, lang), key.examples[lang] or key.examples[Lang.EN])
        for key in every
    )
    explained = Sheet(
        explanations, (headings, (heading, about, _FOLDER_EXAMPLE), *rows), (24, 80, 60)
    )
    return write_xlsx([records, explained])


def _example(lang: Lang) -> tuple[str, ...]:
    shown = (key.examples[lang] if key.shown else "" for key in keys())
    return (_FOLDER_EXAMPLE, *shown)


def _about(key: Key, lang: Lang) -> str:
    more = f" {_SEVERAL[lang]}" if key.kind.is_list else ""
    return key.explanations[lang] + more
