"""wiazka digest: what needs somebody, as the morning's message says it."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from wiazka.cli.output import common, console, examples, print_json
from wiazka.phrase import in_language

if TYPE_CHECKING:
    from wiazka.digest.model import Digest, Section


@click.command(epilog=examples("wiazka digest", "wiazka digest --send", "wiazka digest --json"))
@click.option("--send", is_flag=True, help="Send it, as the scheduled one is: once a day.")
@common
def digest(*, send: bool, as_json: bool, config: Path | None) -> int:
    """Show what needs somebody: incidents, late proofs, missed runs, documents not taken in.

    Sent, it is silent when all is well, but for once a week. Without Prefect its mail server and
    addresses come from $WIAZKA_DIGEST_SMTP, $WIAZKA_DIGEST_WEBHOOK and $WIAZKA_DIGEST_HEARTBEAT.
    """
    from datetime import datetime

    from wiazka.digest.channels import channels
    from wiazka.digest.telling import tell_today, todays
    from wiazka.digest.text import plain
    from wiazka.errors import ConfigError
    from wiazka.settings import load

    settings = load(config)
    at = datetime.now().astimezone()
    sent: tuple[str, ...] = ()
    if send:
        if not channels(settings.digest).is_any:
            raise ConfigError(
                "Nobody is named who is to be told.",
                "Set digest.mail_to in wiazka.toml, or $WIAZKA_DIGEST_WEBHOOK.",
            )
        told = tell_today(settings, at)
        made, sent = told.digest, told.sent
    else:
        made = todays(settings, at)
    if as_json:
        print_json({**digest_json(made, settings.lang), "sent": list(sent)})
    else:
        console().print(plain(made, settings.lang), markup=False, end="")
        if send:
            console().print(f"Sent by: {', '.join(sent) or 'nothing'}", style="dim", markup=False)
    return 0 if made.is_well else 1


def digest_json(made: "Digest", lang: str) -> dict[str, object]:
    """A digest for programs; its sentences are in the language."""

    def section(one: "Section") -> dict[str, object]:
        return {
            "heading": in_language(one.heading, lang),
            "number": one.number,
            "entries": [
                {
                    "text": in_language(entry.text, lang),
                    "then": in_language(entry.then, lang),
                    "new": entry.new,
                }
                for entry in one.entries
            ],
        }

    return {
        "at": made.at.isoformat(),
        "well": made.is_well,
        "headline": in_language(made.headline, lang),
        "sections": [section(one) for one in made.sections],
        "known": section(made.known) if made.known else None,
        "life": [
            {"label": in_language(label, lang), "value": in_language(value, lang)}
            for label, value in made.life
        ],
    }
