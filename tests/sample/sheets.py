"""What is on the sample's sheets, beside the typed text that its transcriptions hold."""

from tests.sample.marks import BLUE_PENCIL, GREY_PENCIL, RED, VIOLET, Mark
from tests.sample.paper import Sheet

TRANSLATION = (
    "Report on information given by the Ambassador of the Soviet Union",
    "Ministry of Foreign Affairs. No: Pf-444/D.ZSRR/84. Warsaw, 4 June 1984. [handwritten] "
    "D II Kor-2413-1-84. Secret. Copy no. 9.",
    "On the 1st of this month I received the Ambassador of the USSR at his request. On behalf of "
    "his government he told me how the visit of the party and state delegation of the DPRK led by "
    "Kim Il Sung had gone. I attach what he said as the interpreter took it down; the text has not "
    "been agreed.",
    "The Ambassador remarked that other friendly capitals receive similar information these days. "
    "To my question he replied that the Soviet side thinks the talks were useful, although views "
    "did not meet on everything.",
    "I thanked him and assured him that the leadership would be informed. /–/ Olszowski. Att. 1.",
    "[Attachment, working translation] The visit took place after a break of twenty-three years …",
)

_HAWANA = (
    """MINISTERSTWO SPRAW ZAGRANICZNYCH
                         SZYFROGRAM Nr 15834

Z Hawany          nadano  27.X. 62   godz. 16.20
                  wpłyn.  28.X. 62   godz. 02.05

ŚCIŚLE TAJNE                             Egz. nr 3


     W mieście spokój, choć od rana krążą samoloty.
Przed sklepami kolejki po naftę i konserwy. Milicja
pełni dyżury przy mostach i na nabrzeżu; ludzie
rozmawiają głośno i bez lęku.

     Szkoły czynne. W szpitalach przygotowano łóżka.
Nasz lekarz zgłosił się do pomocy i został przyjęty
z wdzięcznością.
""",
    """                              - 2 -

     Statek "Żeromski" stoi w porcie, załoga zdrowa.
Kapitan prosi o decyzję, czy wyładować resztę maszyn.

     Rodziny pracowników pozostają w domach. Zapas żywności
starczy na dwa tygodnie, wody na dziesięć dni. Radio
słyszymy źle; prosimy nadawać na drugiej fali.
""",
    """                              - 3 -

     Będę meldował dwa razy dziennie, dopóki łączność
działa. Dokumentów dotąd nie niszczymy.


                                       /–/ Jeżewski


Odszyfrował: Ćwiek        28.X. godz. 03.10
Otrzymują wg rozdzielnika.
""",
)

_PEKIN = (
    """AMBASADA
POLSKIEJ RZECZYPOSPOLITEJ LUDOWEJ
w Pekinie                    Pekin, dnia 18 marca 1957 r.

Nr 2421/11/57

                     N o t a t k a

     Dnia 16 bm. byłem przyjęty w ministerstwie rolnictwa.
Zastępca kierownika biura planowania mówił przez godzinę
o minionej jesieni. Liczby podawał chętnie, prosząc, aby
ich nie drukować.

     Zbiór ryżu był bliski planu, pszenicy nieco niższy.
Powodzie w dwóch prowincjach zabrały część bawełny.
""",
    """     Powiedział, że spółdzielni przybywa szybciej niż ludzi,
którzy umieją prowadzić ich rachunki.

     Pytałem o wymianę nasion, uzgodnioną w grudniu.
Pierwsza partia ma czekać w porcie na polski statek.

                                        /–/ W. Ćwikła
""",
)


def olszowski(texts: list[str]) -> list[Sheet]:
    """Six sides of three leaves; hands and the registry have left their marks on the first."""
    texts = [_as_typed(text) for text in texts]
    stamp = Mark(
        ("DEPARTAMENT II  M.S.Z.", "wpłynęło 5. VI. 1984", "L.dz. ........ zał. 1"),
        (560, 1120),
        VIOLET,
        angle=4.5,
        stamped=True,
    )
    first = (
        stamp,
        Mark(("D II Kor-2413-1-84",), (520, 44), BLUE_PENCIL, angle=1.5),
        Mark(("~",), (590, 862), BLUE_PENCIL, angle=4, size=7),
        Mark(("5",), (70, 60), GREY_PENCIL),
    )
    second = (
        Mark(("b.II-236-84",), (470, 478), BLUE_PENCIL, angle=3),
        Mark(("~",), (560, 610), BLUE_PENCIL, angle=6, size=6),
    )
    number = {2: "6", 4: "7"}
    return [
        Sheet(
            text,
            seed=1984 + side,
            other_side=texts[side ^ 1],
            marks=(first, second)[side]
            if side < 2
            else (Mark((number[side],), (880, 40), GREY_PENCIL),)
            if side in number
            else (),
            ring=side == 2,
        )
        for side, text in enumerate(texts)
    ]


def hawana() -> list[Sheet]:
    """Three pages of a telegram."""
    secret = Mark(("ŚCIŚLE TAJNE",), (600, 60), RED, angle=-3, stamped=True)
    return [
        Sheet(text, seed=1962 + page, marks=(secret,) if page == 0 else (), ring=page == 1)
        for page, text in enumerate(_HAWANA)
    ]


def pekin() -> list[Sheet]:
    """Two pages of a note."""
    initials = Mark(("~",), (120, 980), GREY_PENCIL, angle=8, size=7)
    return [
        Sheet(text, seed=1957 + page, marks=(initials,) if page == 0 else ())
        for page, text in enumerate(_PEKIN)
    ]


def _as_typed(text: str) -> str:
    """The typed part of a transcription: what its editor marked as handwritten is drawn instead."""
    lines = text.splitlines()
    return "\n".join("" if "[odręcznie]" in line else line for line in lines)
