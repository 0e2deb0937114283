"""The place in a receipt for the proof that its registration is in the ledger."""

import re

from wiazka.phrase import Phrase, say
from wiazka.report.page import render
from wiazka.settings import Archive

_BEGIN, _END = "<!--ledger-->", "<!--/ledger-->"
_PLACE = re.compile(f"{_BEGIN}(.*?){_END}", re.DOTALL)
_LANG = re.compile(r'<html lang="([a-z]+)"')


def with_proof(page: str, archive: Archive, proof: str, *, event: int, events: int) -> str:
    """A receipt's page with a proof (JSON) in its place; as it is where it has no such place."""
    lang = _LANG.search(page)
    told = render(
        "ledger_proof.html.j2",
        archive,
        lang[1] if lang else "en",
        proof=proof,
        told=_told(event, events),
    )
    return _filled(page, told)


def keeping_proof(page: str, before: str) -> str:
    """A receipt's page that is written anew, with the proof that the one before had."""
    found = _PLACE.search(before)
    return _filled(page, found[1]) if found and found[1] else page


def _filled(page: str, section: str) -> str:
    # Its place is before anything that a stranger wrote could be taken for it.
    return _PLACE.sub(lambda _: f"{_BEGIN}{section}{_END}", page, count=1)


def _told(event: int, events: int) -> Phrase:
    return say(
        "The registration is event {event} of the archive's ledger, under its checkpoint of "
        "{events} events. The program verify_receipt.py, which the archive gives to anyone, checks "
        "offline, from this receipt and the bag, that exactly this bag was registered then.",
        event=event,
        events=events,
    )
