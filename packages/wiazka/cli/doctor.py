"""wiazka doctor: whether what wiazka stands on is sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json

if TYPE_CHECKING:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.settings import Settings


@dataclass(frozen=True, slots=True)
class _Finding:
    part: str
    well: bool
    message: str
    hint: str = ""
    warning: str = ""


@click.command(epilog=examples("wiazka doctor", "wiazka doctor --json"))
@common
def doctor(*, as_json: bool, config: Path | None) -> int:
    """Look at libmagic, the virus scanner, the inbox, the catalogue, the stores, the signing key,
    the schedules.

    Every store is probed anew: a few bytes are written under probe/ in it, and stay there.
    """
    from wiazka.settings import load

    findings = list(_look(load(config)))
    if as_json:
        print_json(
            {
                "checks": [
                    {
                        "part": f.part,
                        "ok": f.well,
                        "message": f.message,
                        "hint": f.hint,
                        "warning": f.warning,
                    }
                    for f in findings
                ]
            }
        )
    else:
        out = console()
        for finding in findings:
            out.print(
                "✔ " if finding.well else "✘ ",
                style="green" if finding.well else "bold red",
                end="",
            )
            out.print(f"{finding.part:<12} {finding.message}", markup=False)
            if finding.hint and not finding.well:
                out.print(f"{'':15}{finding.hint}", style="dim", markup=False)
            if finding.warning:
                out.print(f"{'':15}! {finding.warning}", style="yellow", markup=False)
    return 0 if all(finding.well for finding in findings) else 3


def _look(settings: "Settings") -> Iterator[_Finding]:
    from wiazka.catalogue.catalogue import Catalogue
    from wiazka.errors import WiazkaError
    from wiazka.intake.formats import libmagic_version

    yield _Finding("libmagic", well=True, message=f"version {libmagic_version()}")
    yield _scanner(settings.intake.clamd)
    inbox = settings.paths.inbox
    yield _Finding(
        "inbox",
        inbox.is_dir(),
        str(inbox) if inbox.is_dir() else f"there is no folder at {inbox}",
        "Make it, or set paths.inbox in wiazka.toml.",
    )
    try:
        with Catalogue.open(settings.catalogue_url) as catalogue:
            held = len(catalogue.packages())
            yield _Finding("catalogue", well=True, message=f"{held} packages")
            yield _incidents(catalogue)
            yield from _stores(settings, catalogue)
    except WiazkaError as error:
        yield _Finding("catalogue", well=False, message=error.message, hint=error.hint)
        yield from _stores(settings, None)
    yield _ledger(settings)
    yield _schedules(settings)
    yield _digest(settings)


def _stores(settings: "Settings", catalogue: "Catalogue | None") -> Iterator[_Finding]:
    from wiazka.cli.doctor_stores import look_at
    from wiazka.cli.replicate import lacking_told
    from wiazka.errors import WiazkaError
    from wiazka.fixity.plan import without_policy

    lacking = lacking_told(catalogue, settings.stores) if catalogue else {}
    unasked = without_policy(catalogue, settings) if catalogue else {}
    for name, store in settings.stores.items():
        try:
            told = look_at(name, store, catalogue)
            warning = " ".join(filter(None, (told.warning, lacking.get(name), unasked.get(name))))
            message = f"{told.message}{_restorable(name, catalogue)}"
            yield _Finding(f"store {name}", told.well, message, told.hint, warning)
        except WiazkaError as error:
            yield _Finding(f"store {name}", well=False, message=error.message, hint=error.hint)


def _incidents(catalogue: "Catalogue") -> _Finding:
    open_ = catalogue.incidents.open()
    if not open_:
        return _Finding("incidents", well=True, message="none is open")
    new = [one for one in open_ if one.acknowledged_by is None]
    told = f"{len(open_)} open, {len(new)} of them acknowledged by nobody"
    return _Finding("incidents", well=True, message=told, warning="See: wiazka incident list")


def _restorable(store: str, catalogue: "Catalogue | None") -> str:
    """When it was last seen that what a store holds can be had back; "" where it holds nothing."""
    if catalogue is None or not catalogue.has_copies(store):
        return ""
    if last := catalogue.drills.last(store):
        return f"; last proved restorable {last.ended:%Y-%m-%d} ({last.identity} v{last.version})"
    return "; never proved restorable ('wiazka drill' does)"


def _scanner(address: str | None) -> _Finding:
    from wiazka.errors import WiazkaError
    from wiazka.intake.virus import Clamd

    if address is None:
        return _Finding("viruses", well=True, message="not scanned for; intake.clamd is not set")
    try:
        return _Finding("viruses", well=True, message=f"{Clamd(address).about()} at {address}")
    except WiazkaError as error:
        return _Finding("viruses", well=False, message=error.message, hint=error.hint)


def _ledger(settings: "Settings") -> _Finding:
    from wiazka.errors import WiazkaError
    from wiazka.ledger.signing import is_open_to_others, signing_key, verifier_key

    path, warning = settings.ledger.signing_key, ""
    try:
        for line in settings.ledger.former_keys:
            verifier_key(line)
        key = signing_key(settings.ledger)
    except WiazkaError as error:
        return _Finding("ledger", well=False, message=error.message, hint=error.hint)
    if key is None:
        warning = (
            "Who can write to the catalogue and to every store could rewrite history unseen: make "
            "a key with 'wiazka log key --new FILE', and publish checkpoints (docs/ledger.md)."
        )
        message = "checkpoints are not signed; there is no signing key"
        return _Finding("ledger", well=True, message=message, warning=warning)
    if path and path.is_file() and is_open_to_others(path):
        warning = f"Others may read the signing key: chmod 600 {path}"
    message = f"checkpoints are signed; public key {key.verifier.line}"
    return _Finding("ledger", well=True, message=message, warning=warning)


def _schedules(settings: "Settings") -> _Finding:
    from datetime import UTC, datetime

    from wiazka.digest.compose import run_in_words, unknown_in_words
    from wiazka.digest.marks import Marks
    from wiazka.digest.standing import RunState, standings
    from wiazka.errors import WiazkaError
    from wiazka.schedules import schedules

    try:
        standing = standings(Marks(settings.runs), datetime.now(UTC), schedules())
    except WiazkaError as error:
        return _Finding("schedules", well=False, message=error.message, hint=error.hint)
    known = [one for one in standing if one.state is not RunState.UNKNOWN]
    planned = "; ".join(
        f"{s.key} at '{s.cron}' {s.timezone}" for s in (one.schedule for one in standing)
    )
    return _Finding(
        "schedules",
        well=all(one.state is RunState.WELL for one in known),
        message=" ".join(run_in_words(one) for one in known)
        or f"{planned} (run by 'wiazka serve')",
        hint="See that 'wiazka serve' runs; its runs are on Prefect's page.",
        warning=unknown_in_words(standing) or "",
    )


def _digest(settings: "Settings") -> _Finding:
    import os

    from wiazka.digest.channels import ENV_WEBHOOK

    told = [*settings.digest.mail_to]
    if settings.digest.webhook_block or os.environ.get(ENV_WEBHOOK):
        told.append("a chat")
    if not told:
        warning = "Nobody is told of damage or missed runs: set digest.mail_to in wiazka.toml."
        return _Finding("digest", well=True, message="goes to nobody", warning=warning)
    return _Finding("digest", well=True, message=f"goes to {', '.join(told)}")
