"""Sending a digest: a mail with text and HTML, a message to a chat, a sign of life."""

import base64
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from urllib.parse import urlsplit

from wiazka import __version__
from wiazka.digest.channels import Channels, MailServer
from wiazka.digest.model import Digest
from wiazka.digest.text import html, plain, subject
from wiazka.errors import DigestNotSent
from wiazka.phrase import Lang

_SECONDS = 60
_IMPLICIT_TLS = 465
_AUTHENTICATED = 235


def mail(digest: Digest, channels: Channels, lang: Lang) -> EmailMessage:
    """The digest as a mail. Its Message-ID follows from the day: sent twice it is one mail."""
    message = EmailMessage()
    message["Subject"] = _one_line(subject(digest, lang))
    message["From"] = channels.mail_from
    message["To"] = ", ".join(channels.mail_to)
    message["Date"] = format_datetime(digest.at)
    domain = (channels.mail_from or "").rpartition("@")[2].strip(" >") or "wiazka.invalid"
    message["Message-ID"] = f"<wiazka-digest-{digest.at:%Y-%m-%d}@{domain}>"
    # No answers from those who are on leave.
    message["Auto-Submitted"] = "auto-generated"
    # Every mail server takes it, also one without 8BITMIME.
    message.set_content(plain(digest, lang), cte="quoted-printable")
    message.add_alternative(html(digest, lang), subtype="html", cte="quoted-printable")
    return message


def send_mail(message: EmailMessage, server: MailServer) -> None:
    """Give a mail to the mail server. Raises DigestNotSent unless it is taken for everybody."""
    try:
        with _connected(server) as smtp:
            if server.username:
                _log_in(smtp, server.username, server.password or "")
            refused = smtp.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise _not_sent(
            server, f"it does not accept the password (code {error.smtp_code})"
        ) from None
    except smtplib.SMTPResponseException as error:
        raise _not_sent(server, f"it answered {error.smtp_code} {_said(error)}") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _not_sent(server, f"it refuses {', '.join(error.recipients)}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise _not_sent(server, str(error) or type(error).__name__) from error
    if refused:
        raise _not_sent(server, f"it refuses {', '.join(refused)}")


def post(digest: Digest, url: str, lang: Lang) -> None:
    """Write the digest to a chat: JSON with a ``text``, as Slack, Teams and Mattermost take it.

    Raises DigestNotSent; the address, which is a secret, is not told beyond its host.
    """
    body = json.dumps({"text": plain(digest, lang)}, ensure_ascii=False).encode("utf-8")
    _ask(url, body, {"Content-Type": "application/json; charset=utf-8"})


def beat(url: str) -> None:
    """Call the address of a watch from outside, which alarms when nobody calls.

    Raises DigestNotSent.
    """
    _ask(url, None, {})


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.port == _IMPLICIT_TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    try:
        if server.starttls:
            smtp.starttls(context=context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, username: str, password: str) -> None:
    if (username + password).isascii():
        smtp.login(username, password)
        return
    # smtplib sends ASCII only, where RFC 4616 has UTF-8; its error would show the password.
    smtp.ehlo_or_helo_if_needed()
    secret = base64.b64encode(f"\0{username}\0{password}".encode()).decode("ascii")
    code, said = smtp.docmd("AUTH", f"PLAIN {secret}")
    if code != _AUTHENTICATED:
        raise smtplib.SMTPAuthenticationError(code, said)


def _ask(url: str, body: bytes | None, headers: dict[str, str]) -> None:
    headers = {"User-Agent": f"wiazka/{__version__}", **headers}
    host = urlsplit(url).hostname
    hint = "What it says is told again by the next run; 'wiazka digest' shows it now."
    try:
        # Only http and https come here: channels.channels.
        request = urllib.request.Request(url, body, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
            return
    except urllib.error.HTTPError as error:
        raise DigestNotSent(
            f"The digest was not taken by {host}: it answered {error.code}.", hint
        ) from None
    except urllib.error.URLError as error:
        raise DigestNotSent(f"The digest was not taken by {host}: {error.reason}.", hint) from None
    except (OSError, HTTPException, ValueError) as error:
        kind = type(error).__name__
        raise DigestNotSent(f"The digest was not taken by {host}: {kind}.", hint) from None


def _not_sent(server: MailServer, why: str) -> DigestNotSent:
    return DigestNotSent(
        f"The digest was not taken by the mail server {server.host}:{server.port}: {why}.",
        "What it says is told again by the next run; 'wiazka digest' shows it now.",
    )


def _said(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _one_line(text: str) -> str:
    return " ".join(text.split())
