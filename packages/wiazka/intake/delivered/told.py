"""How the faults of a delivered bag are told."""

from collections.abc import Sequence

from wiazka import problem_kinds
from wiazka.intake.delivered.tagfiles import ALGORITHMS, Manifest
from wiazka.intake.names import printable
from wiazka.phrase import listed, say
from wiazka.problem_kinds import Problem


def changed(name: str) -> Problem:
    """A tag file that is not what it was a moment ago."""
    return problem_kinds.CHANGED_WHILE_READ.at(
        name,
        say("'{name}' changed while it was being read.", name=name),
        say("Let the copying or editing end; the folder is taken next time."),
    )


def no_manifest() -> Problem:
    """A bag that nothing can be compared with."""
    return problem_kinds.BAG_MANIFEST_MISSING.at(
        "bagit.txt",
        say("The bag has no manifest of its payload that can be checked."),
        say(
            "Make the bag again with a bagging program that writes manifest-sha256.txt or "
            "manifest-sha512.txt."
        ),
    )


def unknown_algorithm(manifest: Manifest) -> Problem:
    """A manifest that cannot be checked."""
    return problem_kinds.BAG_ALGORITHM.at(
        manifest.name,
        say(
            "{name} holds digests of a kind that is not known here, and was not checked.",
            name=manifest.name,
        ),
        say("Nothing needs doing where another manifest is there: {known}.", known=_known()),
    )


def _known() -> str:
    return ", ".join(f"manifest-{name}.txt" for name in ALGORITHMS)


def missing(path: str, manifests: Sequence[str], near: str | None) -> Problem:
    """A file that is listed and not there; ``near`` has its name but for capital letters."""
    message = say(
        "The bag lists '{path}' ({manifests}), but there is no such file in it.",
        path=path,
        manifests=", ".join(manifests),
    )
    if near is not None:
        remedy = say(
            "There is '{near}', which differs in capital letters: rename it to '{path}'.",
            near=printable(near),
            path=path,
        )
    else:
        remedy = say("Copy the file into the bag again from the original bag.")
    return problem_kinds.BAG_FILE_MISSING.at(path, message, remedy)


def not_fetched(path: str) -> Problem:
    """A file that is to be had elsewhere."""
    return problem_kinds.BAG_NOT_FETCHED.at(
        path,
        say("'{path}' is not in the bag: fetch.txt says where it is to be had.", path=path),
        say("Complete the bag first: fetch its files with the program that it was made with."),
    )


def unlisted(manifests: Sequence[str], names: Sequence[str]) -> Problem:
    """Payload files that manifests do not list."""
    return problem_kinds.BAG_FILE_UNLISTED.at(
        manifests[0],
        say(
            "{manifests} does not list {names}; every manifest of a bag lists all files under "
            "data/.",
            manifests=", ".join(manifests),
            names=listed([printable(name) for name in names]),
        ),
        say(
            "Take the files out if they are not of this bag; else make the bag again with them. A "
            "record.yaml can be put beside bagit.txt instead."
        ),
    )


def no_tag_manifest() -> Problem:
    """A bag whose tag files nothing vouches for."""
    return problem_kinds.BAG_TAG_UNLISTED.at(
        "bagit.txt",
        say("The bag has no tag manifest: nothing vouches for its manifests and bag-info.txt."),
        say("Nothing needs doing; a bagging program can write a tagmanifest-sha256.txt."),
    )


def tag_manifest(name: str, lacking: Sequence[str]) -> Problem:
    """A tag manifest without a payload manifest that it must list."""
    return problem_kinds.BAG_TAG_MANIFEST.at(
        name,
        say(
            "{name} does not list {lacking}, as every tag manifest must: nothing vouches for it.",
            name=name,
            lacking=listed(lacking),
        ),
        say("Make the tag manifests again with a bagging program, from the original bag."),
    )


def tag_unlisted(name: str, others: Sequence[str]) -> Problem:
    """Tag files that a tag manifest does not list."""
    return problem_kinds.BAG_TAG_UNLISTED.at(
        name,
        say(
            "{name} does not list {others}: nothing vouches for what was copied.",
            name=name,
            others=listed([printable(one) for one in others]),
        ),
        say("Nothing needs doing if they were added after the bag was made."),
    )


def tag_manifest_lacking(manifests: Sequence[str]) -> Problem:
    """Payload manifests whose algorithm no tag manifest has."""
    return problem_kinds.BAG_TAG_UNLISTED.at(
        manifests[0],
        say(
            "There is no tag manifest for {manifests}; one may have been lost.",
            manifests=listed(manifests),
        ),
        say("Nothing needs doing if the bag was made so; else copy it again from its origin."),
    )


def oxum(value: str, found: str) -> Problem:
    """A Payload-Oxum that is another."""
    return problem_kinds.BAG_OXUM.at(
        "bag-info.txt",
        say(
            "Payload-Oxum is '{value}' in bag-info.txt, but the bag holds {found} (bytes, a point, "
            "and the number of files).",
            value=printable(value[:80]),
            found=found,
        ),
        say("Copy the bag again from its origin; files of it are missing, too many or cut off."),
        field="Payload-Oxum",
    )


def written_otherwise(name: str, paths: Sequence[str]) -> Problem:
    """Names that a manifest writes in another way than the files have them."""
    return problem_kinds.BAG_NAME_WRITTEN.at(
        name,
        say(
            "{name} writes {names} in another way than the files are named (accents in one sign or "
            "in two, './' or '*' before it); the files keep their names.",
            name=name,
            names=listed(sorted(printable(path) for path in paths)),
        ),
        say("Nothing needs doing."),
    )
