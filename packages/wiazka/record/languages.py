"""Languages: what people write, as BCP-47 tags, and the chain of translations they make."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wiazka.phrase import say
from wiazka.problem_kinds import LANGUAGE_UNKNOWN, VALUES_DISAGREE, Problem
from wiazka.record.model import Language
from wiazka.record.text import words

# English and Polish names, and those that speakers give them. langcodes would need a 5 MB data
# package to know the English ones, and would still not know the Polish.
_NAMES = {
    "ar": "arabic arabski العربية",
    "az": "azerbaijani azerski",
    "be": "belarusian byelorussian bialoruski",
    "bg": "bulgarian bulgarski български",
    "cs": "czech czeski cestina cesky",
    "da": "danish dunski",
    "de": "german niemiecki deutsch",
    "el": "greek grecki",
    "en": "english angielski",
    "es": "spanish castilian hiszpanski espanol",
    "et": "estonian estonski",
    "fa": "persian farsi perski",
    "fi": "finnish finski",
    "fr": "french francuski francais",
    "ga": "irish irlandzki",
    "he": "hebrew hebrajski",
    "hi": "hindi",
    "hr": "croatian chorwacki",
    "hu": "hungarian wegierski magyar",
    "hy": "armenian ormianski",
    "id": "indonesian indonezyjski",
    "is": "icelandic islandzki",
    "it": "italian wloski italiano",
    "ja": "japanese japonski 日本語",
    "ka": "georgian gruzinski",
    "kk": "kazakh kazachski",
    "km": "khmer khmerski",
    "ko": "korean koreanski 한국어 조선말",
    "ky": "kyrgyz kirgiski",
    "la": "latin lacina lacinski",
    "lt": "lithuanian litewski",
    "lo": "lao laotanski",
    "lv": "latvian lotewski",
    "mk": "macedonian macedonski",
    "mn": "mongolian mongolski монгол",
    "my": "burmese birmanski",
    "nl": "dutch niderlandzki holenderski nederlands",
    "no": "norwegian norweski",
    "pl": "polish polski polszczyzna",
    "ps": "pashto paszto",
    "pt": "portuguese portugalski portugues",
    "ro": "romanian rumunski romana",
    "ru": "russian rosyjski русский",
    "sh": "serbocroatian serbochorwacki",
    "sk": "slovak slowacki slovencina",
    "sl": "slovene slovenian slowenski",
    "sq": "albanian albanski shqip",
    "sr": "serbian serbski српски",
    "sv": "swedish szwedzki",
    "th": "thai tajski",
    "tg": "tajik tadzycki",
    "tk": "turkmen turkmenski",
    "tr": "turkish turecki",
    "uk": "ukrainian ukrainski українська",
    "ur": "urdu",
    "uz": "uzbek uzbecki",
    "vi": "vietnamese wietnamski",
    "yi": "yiddish jidysz",
    "zh": "chinese mandarin chinski 中文",
}
_ENDINGS = ("ki", "ka", "kie", "kiego", "kim", "kiej", "ku")
# People's codes of countries, which are codes of no language, or of another (kr is Kanuri).
_COUNTRIES = {"cz": "cs", "ua": "uk", "jp": "ja", "cn": "zh", "kr": "ko", "dk": "da", "gr": "el"}
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_BEFORE = re.compile(
    r"^(?:(?:w |z |na )?(?:jezyk|jezyka|jezyku|j) |in |from |into |to |the |po |z |na )+"
)
_BEHIND = re.compile(r"(?: language| jezyk)$")
_ROLED = re.compile(r"(?P<language>[^()]+?)\s*(?:\((?P<said>[^()]*)\))?")
_SEPARATOR = re.compile(r"\s*(?:[;,/]| and | i | oraz )\s*")
_ROLES = {
    "original": ("original", "original language", "source", "oryginal", "jezyk oryginalu"),
    "relay": ("relay", "relay translation", "intermediate", "posredni", "tlumaczenie posrednie"),
    "working": ("working translation", "working", "tlumaczenie robocze", "robocze"),
    "translation": ("translation", "translated", "target", "tlumaczenie", "przeklad"),
}
_ROLE_NAMED = {name: role for role, names in _ROLES.items() for name in names}


def _forms(name: str) -> tuple[str, ...]:
    """A Polish name in its cases (``rosyjski``, ``rosyjskiego``, ``rosyjsku``); others alone."""
    stem = name.removesuffix("ki")
    adjective = name.endswith(("ski", "cki", "dzki"))
    return tuple(stem + ending for ending in _ENDINGS) if adjective else (name,)


_TAGS = {
    words(form): tag
    for tag, names in _NAMES.items()
    for name in names.split()
    for form in _forms(name)
}


@dataclass(frozen=True, slots=True)
class LanguagesReading:
    """The languages that were understood, and as they were written those that were not."""

    languages: tuple[Language, ...]
    kept: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def language_tag(text: str) -> str | None:
    """The BCP-47 tag of a code or of an English or Polish name; None where it is neither.

    ``pl``, ``pol``, ``Polish``, ``polski``, ``po polsku`` and ``język polski`` all give ``pl``.
    """
    if len(text) > 100:
        return None
    key = words(text)
    for name in (key, _BEHIND.sub("", _BEFORE.sub("", key, count=1))):
        if tag := _TAGS.get(name.replace(" ", "")):
            return tag
    code = text.strip().replace("_", "-")
    return _standard(code) if _CODE.fullmatch(code) and code.lower() not in _COUNTRIES else None


def read_languages(listed: Sequence[str], original: Sequence[str]) -> LanguagesReading:
    """The values of ``languages``, in their order, and of the shorthand ``original_language``.

    ``ru (original, inferred)`` has its role and a note in brackets. A working translation is a
    relay where another text was made from it. Where the two keys contradict each other, the list
    holds, the other is kept as it was written, and a warning says so.
    """
    kept: list[tuple[str, str]] = []
    problems: list[Problem] = []
    chain: list[tuple[Language, bool]] = []
    firsts: list[tuple[str, Language]] = []
    for value in listed:
        if read := _read(value):
            chain += [one for one in read if all(one[0] != other for other, _ in chain)]
        else:
            kept.append(("languages", value))
    for value in original:
        if read := _read(value):
            firsts += [(value, one.model_copy(update={"role": "original"})) for one, _ in read]
        else:
            kept.append(("original_language", value))
    problems += [_unknown(key, value) for key, value in kept]
    found = [_placed(chain, at) for at in range(len(chain))]
    stated = [one for one in found if one.role == "original"]
    for value, first in reversed(firsts):
        same = [one for one in found if _same(one.tag, first.tag)]
        if any(one.role == "original" for one in same):
            continue
        if stated or any(one.role for one in same):
            kept.append(("original_language", value))
            problems.append(_contradicted(value, stated or same))
        elif same:
            merged = same[0].model_copy(update={"role": "original"})
            found = [merged if one == same[0] else one for one in found]
        else:
            found.insert(0, first)
    return LanguagesReading(tuple(found), tuple(kept), tuple(problems))


def _read(value: str) -> list[tuple[Language, bool]]:
    """The languages of one value, each with whether it is called a working translation."""
    found = _ROLED.fullmatch(value.strip())
    if found is None:
        return []
    written = [found["language"]]
    if language_tag(written[0]) is None:
        written = _SEPARATOR.split(written[0])
    tags = [tag for one in written if (tag := language_tag(one))]
    if len(tags) < len(written):
        return []
    role, notes = None, []
    for part in re.split(r"\s*[,;]\s*", (found["said"] or "").strip()):
        named = _ROLE_NAMED.get(words(part))
        if named is None:
            # "translation from Polish" is a role and a remark.
            first = words(part).split(" ", 1)[0]
            named = _ROLE_NAMED.get(first) if first in {"translation", "tlumaczenie"} else None
            notes += [part] if part else []
        role = role or named
    note = ", ".join(notes) or None
    working = role == "working"
    known = role if role in ("original", "relay", "translation") else None
    return [
        (Language.model_validate({"tag": t, "role": known, "note": note}), working) for t in tags
    ]


def _placed(chain: list[tuple[Language, bool]], at: int) -> Language:
    language, working = chain[at]
    if not working:
        return language
    if any(other.role != "original" for other, _ in chain[at + 1 :]):
        return language.model_copy(update={"role": "relay"})
    note = ", ".join(filter(None, ["working translation", language.note]))
    return language.model_copy(update={"role": "translation", "note": note})


def _same(one: str, other: str) -> bool:
    """Whether two tags are of one language, one of them perhaps more exactly (zh, zh-Hant)."""
    short, long = sorted((one, other), key=len)
    return long == short or long.startswith(f"{short}-")


def _unknown(key: str, value: str) -> Problem:
    meant = _COUNTRIES.get(value.strip().lower())
    return LANGUAGE_UNKNOWN.at(
        "",
        say("The language '{language}' is not known; it is kept as it is.", language=value),
        say(
            "Write a code or a name, as in: pl, Polish, polski, ru (original) "
            "('{country}' is a country; its language is '{language}')",
            country=value,
            language=meant,
        )
        if meant
        else say("Write a code or a name, as in: pl, Polish, polski, ru (original)"),
        field=key,
    )


def _contradicted(value: str, stated: Iterable[Language]) -> Problem:
    said = ", ".join(f"{one.tag} ({one.role})" for one in stated)
    return VALUES_DISAGREE.at(
        "",
        say(
            "'original_language' says '{original}', 'languages' says {languages}; the list holds, "
            "the other is kept beside it.",
            original=value,
            languages=said,
        ),
        say("Keep one of them, or correct whichever is wrong: languages: [ru (original), en]"),
        field="original_language",
    )


def _standard(code: str) -> str | None:
    # "Serbo-Croatian" is no statement on its script, which langcodes would add.
    if code.lower() in {"sh", "hbs"}:
        return "sh"
    import langcodes  # an eighth of a second that most commands need not spend

    try:
        tag = langcodes.standardize_tag(code)
        return tag if langcodes.Language.get(tag).is_valid() else None
    except langcodes.tag_parser.LanguageTagError:
        return None
