"""Sentences for people: English as they are made, any language of ``locale/`` when they are read.

A message is written once, in English, where the fault is known. Who reads it is known only where
it is shown: a delivery may ask for Polish while the log stays English.
"""

import errno
import gettext
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self, get_args

Lang = Literal["en", "pl"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
_DOMAIN = "wiazka"
_LOCALE = Path(__file__).parent / "locale"


class Phrase(str):
    """An English sentence that remembers its form and values, so that it can be said otherwise.

    It is a plain ``str`` in every other respect.
    """

    _form: str
    _many: str | None
    _values: dict[str, Any]

    @classmethod
    def made(cls, form: str, many: str | None, values: dict[str, Any]) -> Self:
        """The phrase of a form; ``many`` is the plural, chosen by the value ``number``."""
        plural = many is not None and values["number"] != 1
        phrase = cls(((many or form) if plural else form).format(**values))
        phrase._form, phrase._many, phrase._values = form, many, values
        return phrase

    def into(self, lang: str) -> str:
        """The sentence in a language; what has no translation stays English."""
        catalogue = translations(lang)
        if self._many is None:
            # An empty message id is the catalogue's header.
            form = catalogue.gettext(self._form) if self._form else ""
        else:
            form = catalogue.ngettext(self._form, self._many, self._values["number"])
        return form.format(**{name: in_language(v, lang) for name, v in self._values.items()})


def say(form: str, /, **values: Any) -> Phrase:  # noqa: ANN401 - whatever can be formatted
    """A sentence: ``say("'{name}' has 0 bytes.", name=name)``. Values may be phrases themselves."""
    return Phrase.made(form, None, values)


def say_many(one: str, many: str, number: int, /, **values: Any) -> Phrase:  # noqa: ANN401
    """A sentence with a number in it: ``say_many("{number} file", "{number} files", 3)``."""
    return Phrase.made(one, many, {"number": number, **values})


def together(phrases: Iterable[str], between: str = " ") -> Phrase:
    """Sentences one after the other, as one."""
    parts = {f"part{number}": phrase for number, phrase in enumerate(phrases)}
    return Phrase.made(between.join(f"{{{name}}}" for name in parts), None, parts)


def listed(names: Sequence[str], most: int = 5) -> Phrase:
    """Names in quotes, the first few of them: ``'a', 'b' and 'c'`` or ``'a', 'b' and 7 more``."""
    shown = [quoted(name) for name in names]
    if len(shown) > most:
        more = len(shown) - most
        some = together(shown[:most], ", ")
        return say_many("{some} and {number} more", "{some} and {number} more", more, some=some)
    return all_of(shown)


def quoted(name: str) -> Phrase:
    """A name in the quotation marks of the reader's language: ``'a'``."""
    return say("'{name}'", name=name)


def all_of(names: Sequence[str]) -> Phrase:
    """Numbers or names, all of them, without quotes: ``3, 7 and 9``."""
    if len(names) < 2:
        return together(names)
    return say("{some} and {last}", some=together(names[:-1], ", "), last=names[-1])


def either(names: Sequence[str]) -> Phrase:
    """What something may be, one or the other: ``a or b``."""
    if len(names) < 2:
        return together(names)
    return say("{some} or {last}", some=together(names[:-1], ", "), last=names[-1])


def placed(where: str, sentence: str) -> Phrase:
    """A sentence behind the place it is about: ``record.yaml, line 3: no field …``; "" for none."""
    return together([where, sentence] if where else [sentence], between=": ")


def cause(error: OSError) -> str:
    """Why the system could not do something, in words; rare causes stay the system's own."""
    return _CAUSES.get(error.errno or 0, error.strerror or str(error))


def in_language(value: Any, lang: str) -> Any:  # noqa: ANN401 - numbers pass through
    """A phrase in a language; any other value as it is."""
    return value.into(lang) if isinstance(value, Phrase) else value


_CAUSES = {
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.ENOENT: say("No such file or directory"),
    errno.EISDIR: say("Is a directory"),
    errno.ELOOP: say("Too many levels of symbolic links"),
    errno.EIO: say("Input/output error"),
    errno.ESTALE: say("Stale file handle"),
    errno.ENAMETOOLONG: say("File name too long"),
}


@cache
def translations(lang: str) -> gettext.NullTranslations:
    """The catalogue of a language; English, and a language without one, leaves all as it is."""
    return gettext.translation(_DOMAIN, _LOCALE, languages=[lang], fallback=True)
