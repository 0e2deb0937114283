"""What is kept of a bag that was judged: what its bag-info.txt says, and the events."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from wiazka.intake.delivered.tagfiles import Manifest
from wiazka.record.fields import Given
from wiazka.record.model import Check
from wiazka.record.said import Said

BAG_INFO = "bag-info.txt"
# What bag-info.txt says of the document, with the key of the record that it can stand in for.
_KEYS = {"External-Description": "title", "Internal-Sender-Identifier": "source"}


def said(info: list[tuple[str, str]]) -> Said | None:
    """What bag-info.txt says of the document, which gives way to any sidecar without a word."""
    values: dict[str, list[str]] = defaultdict(list)
    for label, value in info:
        if value and (key := _KEYS.get(label)):
            values[key].append(value)
    given = tuple(
        Given(key, tuple(those), BAG_INFO)
        for key, those in values.items()
        if key != "title" or len(those) == 1
    )
    return Said(BAG_INFO, BAG_INFO, given, defaults=True) if given else None


def checks(
    manifests: Sequence[Manifest], files: Collection[str], verified: int, *, failed: bool
) -> tuple[Check, ...]:
    """What is kept of the judging, as PREMIS has it; ``files`` are the names of all in the bag."""
    names = ", ".join(one.name for one in manifests) or "none"
    payload = sum(name.startswith("data/") for name in files)
    outcome = "fail" if failed else "success"
    return (
        Check(
            event="val",
            detail=f"The bag that was handed over was validated by RFC 8493: {payload} payload "
            f"files, {len(files) - payload} tag files.",
            outcome=outcome,
        ),
        Check(
            event="fix",
            detail=f"{verified} digests of the delivered bag's manifests ({names}) were compared "
            "with the files as they were first read" + ("." if failed else "; all agreed."),
            outcome=outcome,
        ),
    )
