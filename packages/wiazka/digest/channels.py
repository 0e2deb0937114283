"""Where a digest goes: addresses and passwords from the environment or a Prefect secret block."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wiazka.errors import ConfigError
from wiazka.settings_of_fixity import DigestSettings

# What a secret block of a name holds; None where there is no such block.
Secrets = Callable[[str], object]

ENV_SMTP = "WIAZKA_DIGEST_SMTP"
ENV_WEBHOOK = "WIAZKA_DIGEST_WEBHOOK"
ENV_HEARTBEAT = "WIAZKA_DIGEST_HEARTBEAT"
_EXAMPLE = '{"host": "smtp.example.org", "port": 587, "username": "wiazka", "password": "…"}'
_NEAR = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server. Port 465 is TLS from the first byte; elsewhere ``starttls`` asks for it."""

    host: str
    port: int = 587
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class Channels:
    """Who is told, and how; addresses are secrets, for whoever knows one can write to the chat."""

    mail_from: str | None = None
    mail_to: tuple[str, ...] = ()
    server: MailServer | None = None
    webhook: str | None = field(default=None, repr=False)
    heartbeat: str | None = field(default=None, repr=False)

    @property
    def is_any(self) -> bool:
        """Whether anybody is told."""
        return bool(self.mail_to or self.webhook)


def channels(chosen: DigestSettings, secrets: Secrets | None = None) -> Channels:
    """The channels that are chosen. Without ``secrets`` only from the environment.

    Raises ConfigError that names what is missing and never what a secret holds.
    """
    server = None
    if chosen.mail_to:
        if chosen.mail_from is None:
            raise ConfigError(
                "digest.mail_to is set and digest.mail_from is not.",
                'Give the sender: mail_from = "wiazka@example.org".',
            )
        server = _server(_secret(ENV_SMTP, chosen.smtp_block, "smtp_block", secrets))
        if server is None:
            raise ConfigError(
                "digest.mail_to is set, and no mail server is known.",
                f"Set digest.smtp_block, or ${ENV_SMTP} to {_EXAMPLE}.",
            )
    webhook = _secret(ENV_WEBHOOK, chosen.webhook_block, "webhook_block", secrets)
    heartbeat = _secret(ENV_HEARTBEAT, chosen.heartbeat_block, "heartbeat_block", secrets)
    return Channels(
        mail_from=chosen.mail_from,
        mail_to=chosen.mail_to,
        server=server,
        webhook=_address(webhook, "webhook"),
        heartbeat=_address(heartbeat, "heartbeat"),
    )


def _secret(variable: str, block: str | None, key: str, secrets: Secrets | None) -> object:
    if value := os.environ.get(variable):
        return value
    if block is None:
        return None
    if secrets is None:
        raise ConfigError(
            f"digest.{key} names a Prefect block, which only flows read.",
            f"Set ${variable} to what the block holds to send without Prefect.",
        )
    if (held := secrets(block)) is None:
        raise ConfigError(
            f"There is no Prefect secret block {block!r}, which digest.{key} names.",
            "Make it on Prefect's page: Blocks, Secret.",
        )
    return held


def _server(value: object) -> MailServer | None:
    if value is None:
        return None
    try:
        held: Any = json.loads(value) if isinstance(value, str) else value
        server = MailServer(**held)
        well = isinstance(server.host, str) and isinstance(server.starttls, bool)
        port = int(server.port)
    except (ValueError, TypeError):
        well, port = False, 0
    if not well or not 0 < port < 65536:
        # Not from the error, which shows what the secret holds.
        raise ConfigError(
            "What is set for the mail server is not understood.", f"It has to be {_EXAMPLE}"
        ) from None
    if server.password and not server.starttls and port != 465 and server.host not in _NEAR:
        raise ConfigError(
            f"The password for the mail server {server.host} would cross the net unencrypted.",
            'Leave out "starttls": false, or use port 465.',
        )
    return server


def _address(value: object, name: str) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"What is set for the digest's {name} is no address.",
            "It has to be like https://chat.example.org/hooks/…",
        )
    return text
