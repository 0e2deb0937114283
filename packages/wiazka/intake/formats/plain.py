"""Plain text: its encoding found, letters that were lost told of, nothing ever changed."""

import re
from dataclasses import dataclass

from wiazka import problem_kinds
from wiazka.intake.formats.content import Content
from wiazka.intake.formats.language import may_be
from wiazka.phrase import say
from wiazka.problem_kinds import Problem
from wiazka.record.encoding import decode
from wiazka.record.garbled import garbled

# As IANA registers them; Mac Central European is in no registry.
_IANA = {
    "UTF-8": "UTF-8",
    "UTF-16": "UTF-16",
    "Windows CP1250": "windows-1250",
    "ISO 8859-2": "ISO-8859-2",
    "DOS CP852": "IBM852",
    "Mac CE": "x-mac-ce",
}
_CODECS = {
    "windows-1250": "cp1250",
    "ISO-8859-2": "iso8859_2",
    "IBM852": "cp852",
    "x-mac-ce": "mac_latin2",
}
# Enough to tell an encoding by; the rest is read in what was found.
_SAMPLE = 256 * 1024
# More than any transcription: of a longer text, its beginning is looked at.
_MOST = 8 << 20
_QUESTION_FOR_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, the IANA name of its encoding, and whether that is sure; no text: none was found."""

    text: str | None
    encoding: str | None
    certain: bool = True


def read_plain(content: Content) -> Plain | None:
    """The text of a file; None where its bytes are no text at all."""
    data = content.data
    if data is None:
        with content.stream() as stream:
            data = stream.read(_MOST)
    data = data[:_MOST]
    sample = data[:_SAMPLE]
    if b"\0" in data:
        found = decode(sample)
        return Plain(found.text, "UTF-16") if found and found.encoding == "UTF-16" else None
    if (text := _utf8(data)) is not None:
        return Plain(text, "US-ASCII" if data.isascii() else "UTF-8")
    found = decode(sample)
    encoding = _IANA.get(found.encoding) if found else None
    if found is None or encoding not in _CODECS:
        return Plain(None, None)
    text = found.text if len(data) == len(sample) else data.decode(_CODECS[encoding], "replace")
    return Plain(text, encoding, found.certain)


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The last character may be cut where we stopped reading.
        if len(data) == _MOST and error.start > _MOST - 4:
            return data[: error.start].decode("utf-8-sig")
        return None


def encoding_problems(name: str, plain: Plain) -> list[Problem]:
    """What is worth being told of a text's encoding: nothing, for UTF-8."""
    if plain.encoding in ("UTF-8", "US-ASCII"):
        return []
    if plain.encoding is None:
        return [
            problem_kinds.ENCODING_ASSUMED.at(
                name,
                say("In which encoding '{name}' was saved cannot be told.", name=name),
                say("If you can, save it again as UTF-8; it is kept as it is."),
            )
        ]
    if plain.certain:
        return [
            problem_kinds.ENCODING_FOUND.at(
                name,
                say("'{name}' is {encoding}, not UTF-8.", name=name, encoding=plain.encoding),
                say("Nothing needs doing: it is kept as it is, and its encoding on record."),
            )
        ]
    return [
        problem_kinds.ENCODING_ASSUMED.at(
            name,
            say(
                "'{name}' is probably {encoding}, but too few of its letters tell.",
                name=name,
                encoding=plain.encoding,
            ),
            say("Look at its Polish letters; if you can, save it again as UTF-8."),
        )
    ]


def text_problems(name: str, text: str) -> list[Problem]:
    """Letters that were lost or garbled before the text was handed over."""
    piece = garbled(text)
    if piece is None or ("?" in piece and not _lost_by_a_program(text)):
        return []
    return [
        problem_kinds.TEXT_GARBLED.at(
            name,
            say(
                "'{name}' holds letters that a wrong encoding spoilt: '{piece}'.",
                name=name,
                piece=piece,
            ),
            say(
                "Save it again from the program it was written in, as UTF-8. If the original says "
                "so, leave it: nothing is ever corrected here."
            ),
        )
    ]


def _lost_by_a_program(text: str) -> bool:
    """Whether '?' stands for letters that were lost: a program loses them all, but who could not
    read a letter writes the others.
    """
    return text.isascii() and len(_QUESTION_FOR_LETTER.findall(text)) > 1


def language_problems(name: str, guess: str | None, told: str | None) -> list[Problem]:
    """A text that is surely in another language than its folder says."""
    if guess is None or told is None or may_be(guess, told):
        return []
    return [
        problem_kinds.LANGUAGE_DIFFERS.at(
            name,
            say(
                "'{name}' lies in a folder for '{told}', but reads as '{guess}'.",
                name=name,
                told=told,
                guess=guess,
            ),
            say(
                "Put it into the folder of its language, for example translation/en/ for English. "
                "If the folder is right, leave it."
            ),
        )
    ]
