"""A proxy between a client and a real S3 server, with the worst of networks and servers on order.

It passes every request on and back as it is, but for those that match a fault that was asked for.
"""

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

_BODYLESS = {204, 304}
_PER_HOP = {"connection", "content-length", "expect", "keep-alive", "transfer-encoding"}
_ERROR = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>by the proxy</Message></Error>"


class Fault(Enum):
    """What can happen to one request."""

    # On its way to the server
    WRONG_BYTES_SENT = auto()
    """One byte of the body is another."""
    TWICE = auto()
    """It arrives twice; the client gets the second answer, as from a proxy that tries again."""
    RESET_BEFORE = auto()
    """The connection is reset, and the server never saw the request."""
    SERVER_ERROR = auto()
    """500, and nothing was done."""
    SLOW_DOWN = auto()
    """503 SlowDown, and nothing was done."""
    NO_SUCH_UPLOAD = auto()
    """404: so servers answer that have put the parts together and forgotten that they did."""
    ERROR_INSIDE = auto()
    """200, with an error as its body, and nothing was done: so S3 ends what it began to answer."""
    HANG = auto()
    """Nothing is done, and no answer comes."""
    # On the way back: the server has done what it was asked
    WRONG_BYTES_ANSWERED = auto()
    """One byte of the body is another."""
    CUT_OFF = auto()
    """Half of the body, then the connection ends."""
    SHORTENED = auto()
    """Half of the body, as if that were all."""
    STALLED = auto()
    """Half of the body, then nothing more."""
    RESET_AFTER = auto()
    """The connection is reset; the answer is lost."""
    SERVER_ERROR_AFTER = auto()
    """500, although it was done."""
    LOST = auto()
    """It was done, and no answer comes."""
    STALE = auto()
    """The answer to the first request of just this kind comes once more, whatever is true now."""


_INSTEAD = {
    Fault.SERVER_ERROR: (500, "InternalError"),
    Fault.SLOW_DOWN: (503, "SlowDown"),
    Fault.NO_SUCH_UPLOAD: (404, "NoSuchUpload"),
    Fault.ERROR_INSIDE: (200, "InternalError"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in: ``path`` with its query, decoded; and what was done to it."""

    method: str
    path: str
    fault: Fault | None


@dataclass(slots=True)
class _Asked:
    fault: Fault
    method: str
    part: str
    skip: int
    times: int


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class FaultProxy:
    """A running proxy: its ``endpoint``, what it was asked to do, and what it has seen."""

    behind: str
    endpoint: str
    seen: list[Seen] = field(default_factory=list)
    _asked: list[_Asked] = field(default_factory=list)
    _first: dict[tuple[str, str], _Answer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

    def inject(
        self, fault: Fault, method: str, part: str = "", *, nth: int = 1, times: int = 1
    ) -> None:
        """Do this to ``times`` requests of ``method`` whose path or query has ``part`` in it.

        Begins with the ``nth`` such request from now on.
        """
        with self._lock:
            self._asked.append(_Asked(fault, method, part, nth - 1, times))

    def count(self, method: str, part: str = "") -> int:
        """How many such requests came in so far."""
        return sum(one.method == method and part in one.path for one in self.seen)

    def calm(self) -> None:
        """Nothing more happens of what was asked for."""
        with self._lock:
            self._asked.clear()

    @property
    def pending(self) -> list[Fault]:
        """What was asked for and has not happened (fully)."""
        return [asked.fault for asked in self._asked if asked.times]

    def fault_for(self, method: str, path: str) -> Fault | None:
        """What is to happen to this request; it is counted."""
        decoded = unquote(path)
        with self._lock:
            fault = self._next(method, decoded)
            self.seen.append(Seen(method, decoded, fault))
        return fault

    def _next(self, method: str, path: str) -> Fault | None:
        for asked in self._asked:
            if asked.method != method or asked.part not in path or not asked.times:
                continue
            if asked.skip:
                asked.skip -= 1
                continue
            asked.times -= 1
            return asked.fault
        return None

    def first(self, method: str, path: str, answer: _Answer) -> _Answer:
        """The first answer that there was to such a request."""
        with self._lock:
            return self._first.setdefault((method, path), answer)


@contextmanager
def fault_proxy(behind: str) -> Iterator[FaultProxy]:
    """A proxy before the server at ``behind`` (``http://host:port``), until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.proxy = FaultProxy(behind, f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.proxy
    finally:
        server.proxy.ended.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    proxy: FaultProxy
    daemon_threads = True
    # A client's connection that is kept open would be waited for.
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: what was seen is in ``FaultProxy.seen``."""

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy = self.server.proxy
        fault = proxy.fault_for(self.command, self.path)
        if fault in _INSTEAD:
            return self._error(*_INSTEAD[fault])
        match fault:
            case Fault.RESET_BEFORE:
                return self._reset()
            case Fault.HANG:
                return self._wait()
            case Fault.WRONG_BYTES_SENT:
                body = _other(body)
            case Fault.TWICE:
                self._pass_on(body)
        answer = self._pass_on(body)
        first = proxy.first(self.command, self.path, answer)
        match fault:
            case Fault.RESET_AFTER:
                return self._reset()
            case Fault.LOST:
                return self._wait()
            case Fault.SERVER_ERROR_AFTER:
                return self._error(500, "InternalError")
            case Fault.CUT_OFF | Fault.STALLED:
                half = answer.body[: len(answer.body) // 2]
                self._answer(answer, half, len(answer.body))
                return self._wait() if fault is Fault.STALLED else self._end()
            case Fault.SHORTENED:
                return self._answer(answer, answer.body[: len(answer.body) // 2])
            case Fault.WRONG_BYTES_ANSWERED:
                return self._answer(answer, _other(answer.body))
            case Fault.STALE:
                return self._answer(first, first.body)
        return self._answer(answer, answer.body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_any  # noqa: N815

    def _pass_on(self, body: bytes) -> _Answer:
        address = urlsplit(self.server.proxy.behind)
        server = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _PER_HOP:
                    server.putheader(name, value)
            if body or self.command in ("PUT", "POST"):
                server.putheader("Content-Length", str(len(body)))
            server.endheaders(body or None)
            answer = server.getresponse()
            return _Answer(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            server.close()

    def _answer(self, answer: _Answer, body: bytes, length: int | None = None) -> None:
        self.send_response_only(answer.status)
        told = None
        for name, value in answer.headers:
            if name.lower() == "content-length":
                told = value
            if name.lower() not in _PER_HOP:
                self.send_header(name, value)
        if self.command == "HEAD":
            if told is not None:
                self.send_header("Content-Length", told)
        elif answer.status not in _BODYLESS:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _error(self, status: int, code: str) -> None:
        body = b"" if self.command == "HEAD" else _ERROR.format(code=code).encode()
        self._answer(_Answer(status, (("Content-Type", "application/xml"),), body), body)

    def _wait(self) -> None:
        self.server.proxy.ended.wait()
        self.close_connection = True

    def _end(self) -> None:
        self.close_connection = True

    def _reset(self) -> None:
        # Lingering for no time: the connection ends with RST, not in the orderly way.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
        self.close_connection = True


def _other(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :] if body else b"?"
