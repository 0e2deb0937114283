"""The two old layouts of a record page, which cite the document in one sentence.

``"Title," Date, History and Public Policy Program Digital Archive, Source. http://…/document/N``,
alone above the text or under "Citation:" on the first page of a PDF, its lines wrapped.
"""

import re
from collections.abc import Iterator, Sequence

from wiazka.record.fields import Given
from wiazka.record.page_labels import Line, is_chrome, is_date, labelled

_CITATION = re.compile(
    r"[“\"„](?P<title>.+?),?[”\"],? (?P<date>[^“”\"]+?), "
    r"(?:History and Public Policy Program|Wilson Center) Digital Archive, (?P<source>.+)",
    re.DOTALL,
)
# The site, and the test mirrors of it that search engines know.
_ADDRESS = re.compile(
    r"https?://[^/]*(?:digitalarchive\.wilsoncenter\.org|digitalarchive\.org|dvincitest\.com|"
    r"drivingcreative\.com)/+(?:document/(?P<id>[\w-]+))?"
)
_OPENING = ("“", '"', "„")
_MOST_LINES = 15
_LONGEST = 5000
_TAKEN = {"summary", "support", "original_language"}


def cited(lines: Sequence[Line]) -> list[Given]:
    """What the citation says, and what stands under labels beside it; nothing where it is none."""
    lines = [line for line in lines if not is_chrome(line.text)]
    for at, line in enumerate(lines):
        key, value = labelled(line.text)
        if key == "contents":
            return []
        if key == "citation":
            own = [Line(value, 0)] if value else []
            block = [*own, *_until_label(lines[at + 1 :])]
            found = _citation(block)
            # Only the PDF has labels; in the midst of a document's text they are its own words.
            return [*found, *_others(lines)] if found else []
        if line.text.startswith(_OPENING) and (found := _citation(lines[at:])):
            return found
    return []


def _until_label(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if labelled(line.text)[0]:
            return
        yield line


def _citation(lines: Sequence[Line]) -> list[Given]:
    """The parts of a citation that begins with these lines, where it is certain where it ends:
    at the page's address, or with a full stop before a blank line or label.
    """
    text = ""
    parted = False
    for at, line in enumerate(lines[:_MOST_LINES]):
        parted = parted or (at > 0 and line.gap > 0)
        text = f"{text} {line.text}".strip()
        if len(text) > _LONGEST:
            break
        sentence, number, ended = _without_address(text)
        last = at + 1 == len(lines) or lines[at + 1].gap > 0
        if not ended and (parted or not last or not sentence.endswith((".", ")", "”", '"'))):
            continue
        found = _CITATION.fullmatch(sentence)
        if found and is_date(found["date"]):
            parts = [Given(key, (found[key],)) for key in ("title", "date", "source")]
            return [*parts, Given("record_id", (number,))]
        if ended:
            break
    return []


def _without_address(text: str) -> tuple[str, str, bool]:
    """The citation before the page's address, the number in that, and whether there is one.

    A PDF breaks addresses at any place, so that blanks in it say nothing.
    """
    at = text.rfind("http")
    found = _ADDRESS.match("".join(text[at:].split())) if at != -1 else None
    if not found or not found["id"]:
        return text, "", False
    number = found["id"] if found["id"].isdigit() else ""
    return text[:at].rstrip(" <("), number, True


def _others(lines: Sequence[Line]) -> Iterator[Given]:
    """The other labels of a PDF's first page, down to "Contents", their lines joined again."""
    blocks: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        key, value = labelled(line.text)
        if key == "contents":
            break
        if key:
            # The same label again is no longer the cover's.
            current = [] if key in blocks else blocks.setdefault(key, [])
        current.append(value if key else line.text)
    else:
        return
    for key in sorted(_TAKEN & blocks.keys()):
        yield Given(key, (" ".join(filter(None, blocks[key])),))
