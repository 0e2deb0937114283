"""A real mail server and a real chat on this machine, which keep what they are given."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.running import free_ports

PASSWORD = "hasło-ąę"


@dataclass
class MailSink:
    """What a mail server took; ``refuse`` is what it answers instead."""

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refuse: str | None = None
    port: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        self.raw.append(envelope.content)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def _password(server, session, envelope, mechanism, data) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=is_right, handled=False)


@contextmanager
def mail_sink(*, with_password: bool = False) -> Iterator[MailSink]:
    """A mail server on a port of its own."""
    sink = MailSink()
    asked = {"auth_required": True, "authenticator": _password} if with_password else {}
    sink.port = free_ports(1)[0]
    running = Controller(
        sink, hostname="127.0.0.1", port=sink.port, auth_require_tls=False, **asked
    )
    running.start()
    try:
        yield sink
    finally:
        running.stop()


@dataclass
class WebSink:
    """What was sent to addresses here, with their paths; ``status`` is what it answers."""

    asked: list[tuple[str, bytes]] = field(default_factory=list)
    status: int = 200
    url: str = ""


@contextmanager
def web_sink() -> Iterator[WebSink]:
    """A web server on a port of its own."""
    sink = WebSink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sink.asked.append((self.path, body))
            self.send_response(sink.status)
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sink.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
