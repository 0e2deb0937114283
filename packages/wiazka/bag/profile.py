"""Our BagIt profile (BagIt Profiles 1.4.0), and whether a bag keeps it."""

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypedDict

from wiazka.settings import config_dir

PROFILE_IDENTIFIER = "urn:wiazka:bagit-profile:1"


class TagRule(TypedDict, total=False):
    required: bool
    repeatable: bool
    values: list[str]


Profile = TypedDict(
    "Profile",
    {
        "Bag-Info": dict[str, TagRule],
        "Manifests-Required": list[str],
        "Manifests-Allowed": list[str],
        "Tag-Manifests-Required": list[str],
        "Tag-Files-Required": list[str],
        "Tag-Files-Allowed": list[str],
        "Accept-BagIt-Version": list[str],
    },
    total=False,
)


@cache
def profile() -> Profile:
    """The profile that config/bagit-profile.json holds."""
    loaded: Profile = json.loads((config_dir() / "bagit-profile.json").read_text("utf-8"))
    return loaded


def departures(bag: Path) -> list[str]:
    """How a bag departs from our profile, one sentence each; empty when it keeps it."""
    rules = profile()
    info = _read_tags(bag / "bag-info.txt")
    names = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    return [
        *_tag_faults(rules["Bag-Info"], info),
        *_absent(names, (f"manifest-{a}.txt" for a in rules["Manifests-Required"])),
        *_absent(names, (f"tagmanifest-{a}.txt" for a in rules["Tag-Manifests-Required"])),
        *_absent(names, rules["Tag-Files-Required"]),
        *_version_faults(rules, bag),
    ]


def _tag_faults(rules: dict[str, TagRule], tags: list[tuple[str, str]]) -> Iterable[str]:
    counts = Counter(label for label, _ in tags)
    for label, rule in rules.items():
        if rule.get("required") and not counts[label]:
            yield f"bag-info.txt lacks {label}"
        if not rule.get("repeatable", True) and counts[label] > 1:
            yield f"bag-info.txt has {label} more than once"
        allowed = rule.get("values")
        for value in (value for name, value in tags if name == label and allowed):
            if value not in (allowed or ()):
                yield f"bag-info.txt has {label}: {value}, expected one of {allowed}"


def _absent(names: set[str], required: Iterable[str]) -> Iterable[str]:
    return (f"{name} is missing" for name in required if name not in names)


def _version_faults(rules: Profile, bag: Path) -> Iterable[str]:
    version = dict(_read_tags(bag / "bagit.txt")).get("BagIt-Version")
    if version not in rules["Accept-BagIt-Version"]:
        yield f"bagit.txt has version {version}, expected {rules['Accept-BagIt-Version']}"


def _read_tags(path: Path) -> list[tuple[str, str]]:
    tags: list[tuple[str, str]] = []
    for line in path.read_text("utf-8").splitlines():
        if line[:1] in (" ", "\t") and tags:
            label, value = tags[-1]
            tags[-1] = (label, f"{value} {line.strip()}")
        elif ":" in line:
            label, value = line.split(":", 1)
            tags.append((label.strip(), value.strip()))
    return tags
