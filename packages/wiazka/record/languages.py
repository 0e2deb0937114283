"""Languages: what people write, as BCP-47 tags."""

import re

from wiazka.record.text import words

# English and Polish names, and the codes people invent for countries' languages. langcodes would
# need a 5 MB data package to know the English ones, and would still not know the Polish.
_NAMES = {
    "ar": "arabic arabski",
    "az": "azerbaijani azerski",
    "be": "belarusian byelorussian bialoruski",
    "bg": "bulgarian bulgarski",
    "cs": "czech czeski",
    "da": "danish dunski",
    "de": "german niemiecki deutsch",
    "el": "greek grecki",
    "en": "english angielski",
    "es": "spanish hiszpanski",
    "et": "estonian estonski",
    "fa": "persian farsi perski",
    "fi": "finnish finski",
    "fr": "french francuski",
    "ga": "irish irlandzki",
    "he": "hebrew hebrajski",
    "hi": "hindi",
    "hr": "croatian chorwacki",
    "hu": "hungarian wegierski",
    "hy": "armenian ormianski",
    "id": "indonesian indonezyjski",
    "it": "italian wloski",
    "ja": "japanese japonski",
    "ka": "georgian gruzinski",
    "kk": "kazakh kazachski",
    "km": "khmer khmerski",
    "ko": "korean koreanski",
    "la": "latin lacina lacinski",
    "lt": "lithuanian litewski",
    "lv": "latvian lotewski",
    "mk": "macedonian macedonski",
    "mn": "mongolian mongolski",
    "my": "burmese birmanski",
    "nl": "dutch niderlandzki holenderski",
    "no": "norwegian norweski",
    "pl": "polish polski polszczyzna",
    "pt": "portuguese portugalski",
    "ro": "romanian rumunski",
    "ru": "russian rosyjski",
    "sh": "serbocroatian serbochorwacki",
    "sk": "slovak slowacki",
    "sl": "slovene slovenian slowenski",
    "sq": "albanian albanski",
    "sr": "serbian serbski",
    "sv": "swedish szwedzki",
    "th": "thai tajski",
    "tr": "turkish turecki",
    "uk": "ukrainian ukrainski",
    "ur": "urdu",
    "uz": "uzbek uzbecki",
    "vi": "vietnamese wietnamski",
    "yi": "yiddish jidysz",
    "zh": "chinese mandarin chinski",
}
_TAGS = {name: tag for tag, names in _NAMES.items() for name in names.split()}
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def language_tag(text: str) -> str | None:
    """The BCP-47 tag of a code or of an English or Polish name; None where it is neither.

    ``pl``, ``pol``, ``Polish``, ``polski`` and ``język polski`` all give ``pl``.
    """
    key = words(text)
    for prefix in ("jezyk ", "j "):
        key = key.removeprefix(prefix)
    if tag := _TAGS.get(key.replace(" ", "")):
        return _standard(tag)
    code = text.strip().replace("_", "-")
    return _standard(code) if _CODE.fullmatch(code) else None


def _standard(code: str) -> str | None:
    import langcodes  # an eighth of a second that most commands need not spend

    try:
        tag = langcodes.standardize_tag(code)
        return tag if langcodes.Language.get(tag).is_valid() else None
    except langcodes.tag_parser.LanguageTagError:
        return None
