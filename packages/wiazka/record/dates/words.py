"""The words that dates are written with: months, days, seasons, "circa", "undated".

Keys are folded (see ``text.fold``): without case, accents and full stops.
"""

from enum import StrEnum

from wiazka.record.text import fold

# English; Polish; Russian in Cyrillic and in three romanisations; German; French; Spanish;
# Portuguese; Italian; Romanian; Hungarian; Czech and Slovak; Ukrainian; Bulgarian; Albanian.
# Left out is Croatian, where "listopad" is October: in Polish and Czech it is November.
_MONTH_NAMES = (
    "january jan styczeń stycznia styczniu sty январь января янв ianvar ianvaria yanvar yanvarya "
    "janvar janvarja januar jänner janvier janv enero janeiro gennaio ianuarie január janur leden "
    "ledna január januára січень січня януари",
    "february feb luty lutego lutym lut февраль февраля фев fevral fevralia fevralya fevralja "
    "februar februar février févr febrero fevereiro febbraio februarie február február únor února "
    "februára лютий лютого февруари shkurt",
    "march mar marzec marca marcu март марта мар mart marta märz mrz mars marzo março martie "
    "március březen března marec березень березня",
    "april apr kwiecień kwietnia kwietniu kwi апрель апреля апр aprel aprelia aprelya aprelja "
    "avril avr abril aprile aprilie április duben dubna apríl apríla квітень квітня април prill",
    "may maj maja maju май мая mai maia maya mayo maio maggio május květen května máj mája "
    "травень травня",
    "june jun czerwiec czerwca czerwcu cze июнь июня июн iiun iiunia iyun iyunya iyunia ijun "
    "ijunja iun iunia juni juin junio junho giugno iunie június červen června jún júna червень "
    "червня юни qershor",
    "july jul lipiec lipca lipcu lip июль июля июл iiul iiulia iyul iyulya iyulia ijul ijulja iul "
    "iulia juli juillet juil julio julho luglio iulie július červenec července júl júla липень "
    "липня юли korrik",
    "august aug sierpień sierpnia sierpniu sie август августа авг avgust avgusta août agosto "
    "augusztus srpen srpna augusta серпень серпня gusht",
    "september sep sept wrzesień września wrześniu wrz сентябрь сентября сен сент sentiabr "
    "sentiabria sentyabr sentyabrya sentjabr sentjabrja septembre septiembre setembro settembre "
    "septembrie szeptember září septembra вересень вересня септември shtator",
    "october oct październik października październiku paź октябрь октября окт oktiabr oktiabria "
    "oktyabr oktyabrya oktjabr oktjabrja oktober okt octobre octubre outubro ottobre octombrie "
    "október říjen října októbra жовтень жовтня октомври tetor",
    "november nov listopad listopada listopadzie lis ноябрь ноября ноя нояб noiabr noiabria "
    "noyabr noyabrya nojabr nojabrja novembre noviembre novembro noiembrie listopadu novembra "
    "листопад листопада ноември nëntor",
    "december dec grudzień grudnia grudniu gru декабрь декабря дек dekabr dekabria dekabrya "
    "dekabrja dezember dez décembre diciembre dezembro dicembre decembrie prosinec prosince "
    "decembra грудень грудня декември dhjetor",
)
_ROMAN_NAMES = "i ii iii iv v vi vii viii ix x xi xii"
# EDTF level 1: 21 to 24 stand for the seasons where a month would.
_SEASON_NAMES = {
    21: "spring wiosna wiosny wiosną весна весной frühling frühjahr printemps",
    22: "summer lato latem лето летом sommer été",
    23: "autumn fall jesień jesieni jesienią осень осенью herbst automne",
    24: "winter zima zimy zimą зима зимой hiver",
}
_WEEKDAY_NAMES = (
    "monday mon poniedziałek pon понедельник montag lundi pondělí",
    "tuesday tue tues wtorek wt вторник dienstag mardi úterý",
    "wednesday wed środa śr среда mittwoch mercredi středa",
    "thursday thu thur thurs czwartek czw четверг donnerstag jeudi čtvrtek",
    "friday fri piątek pt пятница freitag vendredi pátek",
    "saturday sat sobota sob суббота samstag sonnabend samedi",
    "sunday sun niedziela niedz воскресенье sonntag dimanche neděle",
)
_DECADE_NAMES = {
    2: "dwudzieste twenties",
    3: "trzydzieste thirties",
    4: "czterdzieste forties",
    5: "pięćdziesiąte fifties",
    6: "sześćdziesiąte sixties",
    7: "siedemdziesiąte seventies",
    8: "osiemdziesiąte eighties",
    9: "dziewięćdziesiąte nineties",
}


def _numbered(names: dict[int, str]) -> dict[str, int]:
    return {fold(name): number for number, line in names.items() for name in line.split()}


def _folded(line: str) -> frozenset[str]:
    return frozenset(fold(word) for word in line.split())


MONTHS = _numbered(dict(enumerate(_MONTH_NAMES, 1)))
# The manner of Polish and Russian offices: 28.X.62. Russian typewriters have a Cyrillic Х and І.
ROMANS = {name: number for number, name in enumerate(_ROMAN_NAMES.split(), 1)}
ROMAN_ALIKE = str.maketrans("хіѵ", "xiv")
SEASONS = _numbered(_SEASON_NAMES)
WEEKDAYS = _numbered(dict(enumerate(_WEEKDAY_NAMES)))
DECADES = _numbered(_DECADE_NAMES)
CENTURIES = {"xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21}
CENTURY_SIGNS = frozenset({"w", "wieku", "wiek", "century", "в", "века", "век", "jahrhundert"})
DECADE_SIGNS = frozenset({"s", "es", "гг", "годы", "годов", "gody", "gg"})

# Signs of a year. They are of languages that write the day before the month.
YEAR_SIGNS = _folded("r rok roku г год года g god goda р року рік")
ORDINALS = _folded("st nd rd th er go ego го ого е")
FILLERS = _folded("of de del the")


class Means(StrEnum):
    """What a word, or some words, before a date or after it say of it."""

    APPROXIMATE = "approximate"
    UNCERTAIN = "uncertain"
    UNDATED = "undated"
    PART = "part"  # of it: "early", "mid"
    BEFORE = "before"
    UNTIL = "until"
    AFTER = "after"
    SINCE = "since"
    BETWEEN = "between"
    NOTHING = "nothing"


_PHRASES = {
    Means.APPROXIMATE: "ca|c|cca|circa|about|around|on or about|approx|approximately|około|ok|"
    "koło|um|etwa|vers|около|приблизительно",
    Means.UNCERTAIN: "probably|possibly|perhaps|presumably|likely|maybe|uncertain|prawdopodobnie|"
    "przypuszczalnie|zapewne|chyba|być może|data niepewna|wahrscheinlich|vermutlich|вероятно|"
    "возможно|veroiatno",
    Means.UNDATED: "undated|nd|n d|no date|sd|s d|sine dato|bd|b d|bez daty|brak daty|"
    "nie datowany|niedatowany|niedatowane|niedatowana|nie datowane|unknown|date unknown|"
    "unknown date|nieznana|data nieznana|без даты|б д|б / д|ohne datum|o d",
    Means.PART: "early|mid|middle|late|beginning|end|początek|początku|na początku|połowa|"
    "w połowie|koniec|pod koniec|начало|конец|anfang|mitte|ende",
    Means.BEFORE: "before|prior to|earlier than|przed|до|vor|avant",
    Means.UNTIL: "by|until|till|up to|no later than|not later than|not after|do|najpóźniej|"
    "nie później niż|не позднее|bis|spätestens",
    Means.AFTER: "after|later than|po|после|nach|après",
    Means.SINCE: "from|since|od|vom|von|с|no earlier than|not earlier than|not before|"
    "nie wcześniej niż|не ранее",
    Means.BETWEEN: "between|między|pomiędzy|zwischen|между|entre",
    Means.NOTHING: "dated|date|data|on|dnia|z dnia|w dniu|dn|den|dne|w|we|z|in|le|el|am|vom|"
    "rok|год",
}
PHRASES = {
    tuple(fold(phrase).split()): meaning
    for meaning, phrases in _PHRASES.items()
    for phrase in phrases.split("|")
}
LONGEST_PHRASE = max(map(len, PHRASES))

TO = _folded("to do till until through bis по à")
AND = _folded("and i oraz a und и et")
OR = _folded("or lub albo czy oder или ou")

# Words before a date that say it is of something else than the writing of the document, or that
# the text is no line of a letterhead. They are never taken for a place.
NO_PLACES = _folded(
    "not nie no nr number numer received filed approved published printed copied sent registered "
    "otrzymano wpłynęło odebrano zatwierdzono wysłano przyjęto opublikowano copy kopia protocol "
    "protokół minutes meeting posiedzenie talk conversation rozmowa note notatka report raport "
    "telegram letter list session sesja memorandum cable szyfrogram document dokument page strona "
    "получено вх исх протокол заседание беседа"
)
RECEIVED = _folded("received otrzymano wpłynęło odebrano получено")
FILED = _folded("filed file files akt akta дело")
