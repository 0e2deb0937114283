"""What an audit found, for people and for programs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wiazka.cli.output import console, observed_in_words, path_in_words, size_in_words

if TYPE_CHECKING:
    from wiazka.catalogue.fixity_model import Audit, CopyCheck, Finding
    from wiazka.fixity.scope import Scope

# Of a store as a whole, where nothing is said of what it holds.
_AWAY = {
    "throttled": "does not answer, or is busy (throttled)",
    "denied": "denies what was asked of it (denied)",
    "unknown": "cannot be asked what it holds (unknown)",
}


def audits_json(done: "Sequence[Audit]", *, by_policy: bool) -> dict[str, object]:
    """One audit in the shape that DESIGN §8 gives it; those of policies together, and each.

    ``grade`` is then the weakest of them: nothing is called better than it is.
    """
    if not by_policy:
        return audit_json(done[0])
    grades = sorted((audit.grade for audit in done), key=lambda grade: grade.strength)
    return {
        "checked": sum(audit.checked for audit in done),
        "bytes": sum(audit.bytes for audit in done),
        "grade": grades[0] if grades else None,
        "findings": [_finding_json(finding) for audit in done for finding in audit.findings],
        "audits": [audit_json(audit) for audit in done],
    }


def sample_json(scopes: "Sequence[Scope]", done: "Sequence[Audit]") -> dict[str, object]:
    """What a sample says of the rest; nothing where none was drawn."""
    from wiazka.fixity.sampling import CONFIDENCE

    if not scopes or scopes[0].sample is None:
        return {}
    seen, damaged, bound = _sampled(done[0])
    return {
        "sample": {
            "share": float(scopes[0].sample.share),
            "seed": scopes[0].sample.seed,
            "seen": seen,
            "damaged": damaged,
            "fewer_than": bound,
            "confidence": CONFIDENCE,
        }
    }


def show_sample(scope: "Scope", done: "Audit") -> None:
    """What a sample says of the rest, in words."""
    if scope.sample is None:
        return
    seen, damaged, bound = _sampled(done)
    told = f"{damaged} of {seen} sampled damaged"
    if seen:
        told += f": with 95 % confidence fewer than {_rounded_up(bound)} % of all"
    console().print(f"{told}. Seed: {scope.sample.seed}", markup=False)


def _rounded_up(share: float) -> float:
    from math import ceil

    return ceil(share * 1000) / 10


def _sampled(done: "Audit") -> tuple[int, int, float]:
    """How many copies were seen, how many of them are damaged, and below what that leaves all."""
    from wiazka.evidence import DAMAGE, INCONCLUSIVE
    from wiazka.fixity.sampling import at_most

    worst: dict[tuple[str | None, int | None, str], bool] = {}
    for finding in done.findings:
        key = (finding.identity, finding.version, finding.store)
        worst[key] = worst.get(key, False) or finding.outcome in DAMAGE
    # What the store did not let us see says nothing, for or against.
    unseen = {(f.identity, f.version, f.store) for f in done.findings if f.outcome in INCONCLUSIVE}
    unseen -= {key for key, damaged in worst.items() if damaged}
    seen, damaged = done.checked - len(unseen), sum(worst.values())
    return seen, damaged, at_most(damaged, seen)


def audit_json(done: "Audit") -> dict[str, object]:
    """An audit in the shape that DESIGN §8 gives it."""
    return {
        "checked": done.checked,
        "bytes": done.bytes,
        "grade": done.grade,
        "findings": [_finding_json(finding) for finding in done.findings],
    }


def _finding_json(finding: "Finding") -> dict[str, object]:
    return {
        "outcome": finding.outcome,
        "store": finding.store,
        "id": finding.identity,
        "version": finding.version,
        "path": finding.path,
        "grade": finding.grade,
        "expected": finding.expected,
        "observed": finding.observed,
        "expected_from": finding.expected_from,
        "bytes": finding.bytes,
        "object_version": finding.object_version,
        "sound_version": finding.sound_version,
        "note": finding.note,
    }


def teller(*, quiet: bool) -> "Callable[[CopyCheck], None]":
    """Who tells a person of each copy as it was checked."""
    out = console()

    def tell(check: "CopyCheck") -> None:
        if quiet:
            return
        what = f"{check.identity} v{check.version}" if check.identity else "the store as a whole"
        if not check.findings and check.identity is None:
            out.print("✔ ", style="green", end="")
            told = f"all {check.files} objects are of what is known"
            out.print(f"{check.store:<8} {what}: {told}", markup=False)
            return
        if not check.findings:
            out.print("✔ ", style="green", end="")
            out.print(
                f"{check.store:<8} {what}: {check.files} files, {size_in_words(check.bytes)}, "
                f"proved {check.grade}",
                markup=False,
            )
            return
        outcome = str(check.outcome)
        told = outcome if check.identity else _AWAY.get(outcome, outcome)
        out.print(f"✘ {check.store:<8} {what}: {told}", style="bold red", markup=False)
        for finding in check.findings:
            if finding.path:
                told = f"{finding.outcome}: {path_in_words(finding.path)}"
                out.print(f"    {told}", markup=False)
            if finding.expected:
                origin = f" ({finding.expected_from})" if finding.expected_from else ""
                expected = observed_in_words(finding.expected)
                out.print(f"      expected {expected}{origin}", style="dim", markup=False)
            if finding.observed:
                # Of a store as a whole there is a sentence.
                found = "found    " if finding.path else ""
                observed = observed_in_words(finding.observed)
                out.print(f"      {found}{observed}", style="dim", markup=False)
            if finding.note:
                out.print(f"      {finding.note}", style="dim", markup=False)

    return tell


def show_end(done: "Audit", store: str | None = None) -> None:
    """An audit in one line; ``store`` where it was of one alone."""
    from wiazka.evidence import DAMAGE

    out = console()
    copies = "1 copy" if done.checked == 1 else f"{done.checked} copies"
    where = f"{store}: " if store else ""
    told = f"{where}{copies} checked at grade {done.grade}, {size_in_words(done.bytes)} read"
    if not done.findings:
        # Where nothing was looked at, nothing is well.
        well = "all well" if done.checked else "none was to be looked at"
        out.print(f"{told}: {well}.", markup=False)
        return
    out.print(f"{told}: {len(done.findings)} found.", style="bold", markup=False)
    if any(finding.outcome in DAMAGE for finding in done.findings):
        out.print("Sound copies can be restored: wiazka restore ID --to DIR", markup=False)
    full = {finding.store for finding in done.findings if str(finding.outcome) == "extra"}
    for name in sorted(full):
        out.print(what_is_too_much(name), markup=False)


def what_is_too_much(store: str) -> str:
    """What is to be done about objects that are of no package: never by wiazka."""
    return (
        f"wiazka removes nothing of what is too much in {store}: see what it is, take it away by "
        f"hand, then: wiazka audit --store {store}"
    )
