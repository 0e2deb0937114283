"""The keys of a record, English and Polish, as people write them."""

from wiazka.record.model import Role
from wiazka.record.text import nearest, words

# Each field with its other names; case, accents, "_" and "-" do not matter.
_ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("tytul",),
    "date": ("data", "document date", "data dokumentu"),
    "source": ("sources", "zrodlo", "zrodla", "sygnatura", "sygnatury", "signature"),
    "no_source_reason": ("powod braku zrodla", "brak zrodla"),
    "credit": ("credits", "credit line", "nota"),
    "support": ("support line", "wsparcie"),
    "donor": ("donors", "darczynca", "darczyncy", "ofiarodawca"),
    "funder": ("funders", "fundator", "sponsor", "finansowanie", "finansujacy"),
    "obtained_by": ("uzyskal", "uzyskala", "uzyskali", "pozyskal", "pozyskala", "pozyskali"),
    "contributed_by": ("contributor", "przekazal", "przekazala", "przekazali", "udostepnil"),
    "translator": ("translators", "translated by", "tlumacz", "tlumaczka", "tlumacze", "przelozyl"),
    "transcriber": ("transcribers", "transcribed by", "transkrybent", "przepisal", "przepisala"),
    "editor": ("editors", "edited by", "redaktor", "redaktorka", "redakcja", "opracowal"),
    "reviser": ("revised by", "weryfikator", "korekta"),
    "annotator": ("annotated by", "przypisy"),
    "compiler": ("compiled by", "kompilator"),
    "courtesy_of": ("copy courtesy of", "dzieki uprzejmosci"),
    "registry_marks": ("registry mark", "znak sprawy", "znaki sprawy", "znaki kancelaryjne"),
    "record_id": ("id", "identifier", "identyfikator"),
    "uploaded": ("original uploaded date", "upload date", "data publikacji"),
    "collection": ("kolekcja", "zbior"),
    "type": ("document type", "typ", "rodzaj"),
    "summary": ("abstract", "streszczenie"),
    "subjects": ("subject", "tematy", "temat", "hasla"),
    "places": ("place", "miejsca", "miejsce"),
    "original_language": ("jezyk oryginalu",),
    "languages": ("language", "jezyki", "jezyk"),
    "rights": ("rights statement", "prawa", "prawa autorskie"),
    "notes": ("note", "uwagi", "uwaga"),
    "pages_missing": ("missing pages", "brakujace strony", "brak stron"),
}
AGENT_KEYS = {role.value: role for role in Role}
# Understood, but of no field of the record: kept among the extra ones without a word.
KEPT_ASIDE = frozenset({"pages_missing"})
KEYS = tuple(_ALIASES)
_BY_NAME = {words(name): key for key, aliases in _ALIASES.items() for name in (key, *aliases)}


def key_named(name: str) -> str | None:
    """The key that ``name`` means: ``Tłumacz`` → ``translator``; None where it is unknown."""
    return _BY_NAME.get(words(name))


def nearest_key(name: str) -> str | None:
    """The key that ``name`` is most likely a misspelling of; None where nothing is near."""
    found = nearest(words(name), _BY_NAME, at_least=70)
    return _BY_NAME[found] if found else None
