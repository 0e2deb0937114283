"""The keys of a record, English and Polish, as people write them."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from wiazka.record.model import Role
from wiazka.record.text import words


@dataclass(frozen=True, slots=True)
class Key:
    """A field's key, its other English names, its Polish ones (the first is the usual one), and a
    value it could have. Case, accents, ``_`` and ``-`` do not matter in a name.
    """

    name: str
    english: tuple[str, ...]
    polish: tuple[str, ...]
    example: str


FIELDS = (
    Key("title", (), ("tytuł",), "Report on a talk with the Soviet ambassador"),
    Key("date", ("document date",), ("data", "data dokumentu"), "1984-06-04"),
    Key(
        "letterhead_date",
        ("letterhead",),
        ("data w nagłówku", "nagłówek", "data nagłówka"),
        "Warsaw 4 June 1984",
    ),
    Key(
        "received",
        ("date received", "received date"),
        ("data wpływu", "wpłynęło", "otrzymano"),
        "5 June 1984",
    ),
    Key("filed", ("date filed", "filed date"), ("data złożenia do akt", "do akt"), "5 June 1984"),
    Key(
        "published",
        ("date published", "publication date"),
        ("data wydania", "opublikowano"),
        "November 1999",
    ),
    Key(
        "source",
        ("sources", "signature"),
        ("sygnatura", "sygnatury", "źródło", "źródła"),
        "AMSZ, Department II, 30/87, w. 5",
    ),
    Key("no_source_reason", (), ("powód braku źródła", "brak źródła"), "private papers"),
    Key(
        "credit",
        ("credits", "credit line"),
        ("nota",),
        "Obtained by Marek Hańderek and translated by Jerzy Giebułtowski",
    ),
    Key(
        "support",
        ("support line",),
        ("wsparcie",),
        "Made possible with support from Kyungnam University",
    ),
    Key("donor", ("donors",), ("darczyńca", "darczyńcy", "ofiarodawca"), "Anna Nowak"),
    Key(
        "funder",
        ("funders", "sponsor"),
        ("fundator", "finansowanie", "finansujący"),
        "Kyungnam University",
    ),
    Key(
        "obtained_by",
        (),
        ("uzyskał", "uzyskała", "uzyskali", "pozyskał", "pozyskała", "pozyskali"),
        "Marek Hańderek",
    ),
    Key(
        "contributed_by",
        ("contributor",),
        ("przekazał", "przekazała", "przekazali", "udostępnił", "udostępniła"),
        "Anna Nowak",
    ),
    Key(
        "translator",
        ("translators", "translated by"),
        ("tłumacz", "tłumaczka", "tłumacze", "przełożył", "przełożyła"),
        "Jerzy Giebułtowski",
    ),
    Key(
        "transcriber",
        ("transcribers", "transcribed by"),
        ("transkrybent", "przepisał", "przepisała"),
        "Jan Łoś",
    ),
    Key(
        "editor",
        ("editors", "edited by"),
        ("redaktor", "redaktorka", "redakcja", "opracował", "opracowała"),
        "Jan Łoś",
    ),
    Key("reviser", ("revised by",), ("weryfikator", "korekta"), "Jan Łoś"),
    Key("annotator", ("annotated by",), ("autor przypisów", "przypisy"), "Jan Łoś"),
    Key("compiler", ("compiled by",), ("kompilator", "zestawił", "zestawiła"), "Jan Łoś"),
    Key(
        "courtesy_of",
        ("copy courtesy of",),
        ("dzięki uprzejmości",),
        "National Security Archive",
    ),
    Key("author", ("authors", "creator", "author s"), ("autor", "autorka", "autorzy"), "S. Nowak"),
    Key(
        "issuing_body",
        ("issued by", "issuing office"),
        ("wystawca", "urząd wydający"),
        "Ministry of Foreign Affairs",
    ),
    Key(
        "addressee",
        ("addressees", "recipient", "recipients", "distribution list", "distribution"),
        ("adresat", "adresaci", "rozdzielnik"),
        "[Com. Jaruzelski, Com. Jaroszek]",
    ),
    Key(
        "participant",
        ("participants", "document contributor", "document contributors"),
        ("uczestnik", "uczestnicy", "rozmówcy"),
        "[Stefan Olszowski, A. Aksyonov]",
    ),
    Key(
        "registry_marks",
        ("registry mark",),
        ("znak sprawy", "znaki sprawy", "znaki kancelaryjne"),
        "[Pf-444/D.ZSRR/84, b.II-236-84]",
    ),
    Key("record_id", ("id", "identifier"), ("identyfikator",), "300641"),
    Key(
        "uploaded",
        ("original uploaded date", "upload date"),
        ("data publikacji", "data zamieszczenia"),
        "2023-10-05",
    ),
    Key("collection", (), ("kolekcja", "zbiór"), "Korea"),
    Key("type", ("document type",), ("typ", "rodzaj", "rodzaj dokumentu"), "report"),
    Key(
        "classification",
        ("original classification", "secrecy"),
        ("klauzula", "klauzula tajności"),
        "tajne",
    ),
    Key("summary", ("abstract",), ("streszczenie",), "Kim Il Sung's visit to the USSR"),
    Key(
        "subjects",
        ("subject", "subjects discussed", "keywords"),
        ("tematy", "temat", "hasła", "słowa kluczowe"),
        "[Korea--Foreign relations--Soviet Union]",
    ),
    Key(
        "places",
        ("place", "associated places"),
        ("miejsca", "miejsce", "miejscowości"),
        "[Warsaw, Moscow]",
    ),
    Key("original_language", ("language of original",), ("język oryginału",), "ru"),
    Key(
        "languages",
        ("language",),
        ("języki", "język"),
        "[ru (original, inferred), pl (working translation), en (translation)]",
    ),
    Key(
        "rights",
        ("rights statement", "license", "licence"),
        ("prawa", "prawa autorskie", "licencja"),
        "CNE",
    ),
    Key(
        "rights_holder",
        ("rights holders", "copyright holder", "copyright owner"),
        ("właściciel praw", "posiadacz praw", "dysponent praw"),
        "Kyungnam University",
    ),
    Key(
        "restriction",
        ("restrictions", "access restriction"),
        ("ograniczenie", "ograniczenia", "ograniczenie dostępu"),
        "names a living person",
    ),
    Key("review_date", ("review",), ("data przeglądu", "przegląd"), "2031-01"),
    Key(
        "acquisition",
        ("acquired", "acquisition note"),
        ("nabycie", "sposób nabycia"),
        "Copied in the reading room, 12 May 2019",
    ),
    Key(
        "custodial_history",
        ("archival history", "custody"),
        ("historia archiwalna", "dzieje"),
        "In the ministry's own archive until 1991",
    ),
    Key(
        "published_in",
        ("publications", "publication"),
        ("publikacja", "publikacje", "opublikowano w"),
        "CWIHP Working Paper No. 45",
    ),
    Key(
        "related",
        ("related documents", "related document", "see also"),
        ("powiązane", "dokumenty powiązane", "zobacz też"),
        "[300640, 300642]",
    ),
    Key("notes", ("note",), ("uwagi", "uwaga"), "Page 2 is torn"),
    Key(
        "authorities",
        ("authority",),
        ("kartoteka", "hasła wzorcowe"),
        "[Margaret Gnoinska = gnoinska-margaret]",
    ),
    Key("pages_missing", ("missing pages",), ("brakujące strony", "brak stron"), "[7]"),
)
AGENT_KEYS = {role.value: role for role in Role}
# Understood, but of no field of the record: kept among the extra ones without a word.
KEPT_ASIDE = frozenset({"pages_missing", "authorities"})
KEYS = tuple(key.name for key in FIELDS)
_BY_NAME = {
    words(name): key.name for key in FIELDS for name in (key.name, *key.english, *key.polish)
}


def key_named(name: str) -> str | None:
    """The key that ``name`` means: ``Tłumacz`` → ``translator``; None where it is unknown."""
    return _BY_NAME.get(words(name))


def nearest_key(name: str) -> str | None:
    """The key that ``name`` is most likely a misspelling of; None where nothing is near."""
    names = list(_BY_NAME)
    found = process.extractOne(words(name), names, scorer=fuzz.ratio, score_cutoff=70)
    return _BY_NAME[found[0]] if found else None
