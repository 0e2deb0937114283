"""An incident's places and what mends them, for people and for programs."""

from typing import TYPE_CHECKING

from wiazka.cli.audit_shown import what_is_too_much
from wiazka.cli.output import console, observed_in_words, path_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.fixity_model import Doubt, Finding, Incident
    from wiazka.fixity.proposal import Remedy


def tell_place(one: "Incident", doubt: "Doubt", finding: "Finding | None") -> None:
    """A place of an incident, with what its last ``finding`` said besides."""
    of = f"{doubt.identity} v{doubt.version} " if doubt.identity else ""
    settled = f"proved well by audit {doubt.settled_by}" if doubt.settled_by else "deaccessioned"
    state = settled if doubt.settled_at else "in doubt"
    what = f"{of}{path_in_words(doubt.path)}".strip() or one.store
    _say(f"  {'✔' if doubt.settled_at else '✘'} {what}: {one.outcome} at grade {doubt.grade}")
    _say(f"      first seen by audit {doubt.seen_by}, last by {doubt.last_seen_by}; {state}")
    if doubt.before:
        _say(f"      was in incident {doubt.before} before")
    if doubt.expected:
        origin = f" ({finding.expected_from})" if finding and finding.expected_from else ""
        _say(f"      expected {observed_in_words(doubt.expected)}{origin}")
    if doubt.observed:
        _say(f"      found    {observed_in_words(doubt.observed)}")
    if finding and finding.note:
        _say(f"      {finding.note}")


def place_json(doubt: "Doubt", finding: "Finding | None") -> dict[str, object]:
    """A place in the shape that docs/incidents.md gives it."""
    return {
        "id": doubt.identity,
        "version": doubt.version,
        "path": doubt.path,
        "grade": doubt.grade,
        "expected": doubt.expected,
        "expected_from": finding.expected_from if finding else None,
        "observed": doubt.observed,
        "object_version": finding.object_version if finding else None,
        "sound_version": finding.sound_version if finding else None,
        "note": finding.note if finding else None,
        "before": doubt.before,
        "seen_at": doubt.seen_at.isoformat(),
        "seen_by": f"audit {doubt.seen_by}",
        "last_seen_at": doubt.last_seen_at.isoformat(),
        "last_seen_by": f"audit {doubt.last_seen_by}",
        "settled_at": doubt.settled_at.isoformat() if doubt.settled_at else None,
        "settled_by": f"audit {doubt.settled_by}" if doubt.settled_by else None,
    }


def tell_remedy(one: "Incident", remedy: "Remedy") -> None:
    """What mends a package, or says more."""
    _say(f"  {what_is_too_much(one.store) if one.outcome == 'extra' else remedy.told}")


def remedy_json(remedy: "Remedy") -> dict[str, object]:
    """A remedy in the shape that docs/incidents.md gives it."""
    good = remedy.good
    return {
        "command": remedy.command,
        "id": remedy.identity,
        "version": remedy.version,
        "good_copy": {
            "store": good.store,
            "grade": good.grade,
            "proved_at": good.proved_at.isoformat() if good.proved_at else None,
        }
        if good
        else None,
        "sound_versions": remedy.own,
    }


def _say(text: str) -> None:
    console().print(text, markup=False)
