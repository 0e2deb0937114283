"""What is new in a version, as staff read it."""

from collections.abc import Iterable

from wiazka.phrase import Phrase, listed, say_many
from wiazka.record.model import Changes


def changes_in_words(changes: Changes) -> tuple[Phrase, ...]:
    """The changes, one sentence a kind, as a receipt says them."""
    renamed = [f"{one.before} → {one.now}" for one in changes.renamed]
    parts: list[Phrase] = []
    if changes.added:
        parts.append(
            say_many(
                "{number} file is new: {names}.",
                "{number} files are new: {names}.",
                len(changes.added),
                names=listed(_short(changes.added)),
            )
        )
    if changes.removed:
        parts.append(
            say_many(
                "{number} file is gone: {names}.",
                "{number} files are gone: {names}.",
                len(changes.removed),
                names=listed(_short(changes.removed)),
            )
        )
    if changes.changed:
        parts.append(
            say_many(
                "{number} file has changed: {names}.",
                "{number} files have changed: {names}.",
                len(changes.changed),
                names=listed(_short(changes.changed)),
            )
        )
    if renamed:
        parts.append(
            say_many(
                "{number} file has another name: {names}.",
                "{number} files have other names: {names}.",
                len(renamed),
                names=listed(_short(renamed)),
            )
        )
    return tuple(parts)


def _short(paths: Iterable[str]) -> list[str]:
    return [path.replace("data/objects/", "").replace("data/metadata/", "") for path in paths]
