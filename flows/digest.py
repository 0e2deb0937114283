"""The digest flow: once a day what needs somebody is sent, once a week that all is well."""

from datetime import datetime
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.credentials import held_in, of_block
from flows.marking import MARKED
from flows.steps import as_task
from wiazka.digest.telling import Told, tell_today
from wiazka.digest.text import plain, subject
from wiazka.settings import load


@flow(name="digest", **MARKED)
def digest(config: str | None = None) -> str:
    """Send the day's digest; fails when it could not be sent, and is then told by the next."""
    settings = load(Path(config) if config else None)
    at = datetime.now().astimezone()
    told: Told = as_task(
        "send the digest",
        lambda: tell_today(settings, at, secrets=held_in, credentials=of_block),
    )
    create_markdown_artifact(
        key="digest",
        # As it stands: names of files are no markup.
        markdown=f"```\n{plain(told.digest, settings.lang).replace('```', '` ` `')}\n```",
        description=subject(told.digest, settings.lang),
    )
    return f"sent by {', '.join(told.sent)}" if told.sent else "nothing was to be sent"
