"""The strip of a document's pages: how large it is drawn, and what stands under each page."""

from dataclasses import dataclass

from wiazka.phrase import Phrase, together
from wiazka.report.model import PageText, ShownPage
from wiazka.report.words import FILE_ROLES, language_in_words

# How much of a text is shown under its page: a line or two.
_OPENING = 100


@dataclass(frozen=True, slots=True)
class StripSize:
    """How a strip is drawn: ``name`` is its class in the page's style, ``long_side`` is of its
    pictures in pixels, ``most`` is how many pages are drawn; ``openings`` whether texts begin.
    """

    name: str
    long_side: int
    most: int
    openings: bool


# A receipt must stay one that can be opened and sent: about 2 MB at most, however many pages.
_SIZES = (
    (12, StripSize("few", 320, 12, openings=True)),
    (60, StripSize("some", 200, 60, openings=True)),
)
_MANY = StripSize("many", 110, 400, openings=False)


def strip_size(pages: int) -> StripSize:
    """How the strip of so many pages is drawn: the more they are, the smaller."""
    return next((size for most, size in _SIZES if pages <= most), _MANY)


def page_texts(page: ShownPage) -> list[Phrase]:
    """What says the page: ``Translation, English: “The minister received…”``."""
    return [
        together((kind_of(text), f"“{opening}”"), ": ")
        if (opening := _begun(text))
        else kind_of(text)
        for text in page.texts
    ]


def kind_of(text: PageText) -> Phrase:
    """``Transcription, Polish``."""
    facts = (FILE_ROLES.get(text.role, text.role), language_in_words(text.language))
    return together([fact for fact in facts if fact], ", ")


def _begun(text: PageText) -> str:
    line = " ".join(text.opening.split())
    return line if len(line) <= _OPENING else f"{line[:_OPENING].rstrip()}…"
