"""Scanning for viruses with clamd, over its socket, by the bytes that are hashed anyway.

Its protocol is spoken here (clamd(8), INSTREAM): of the clients on PyPI the one that is kept is
under the GPL, and all of them read the file themselves, which would be a second read of each byte.
"""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from wiazka import problem_kinds
from wiazka.errors import ScannerUnavailable
from wiazka.phrase import say, say_many
from wiazka.problem_kinds import Problem
from wiazka.record.model import Check

_TCP = "tcp://"
_ANSWER_SECONDS = 300
_LONGEST_ANSWER = 4096
# What clamd with AlertExceedsMax says of a file that it did not look through to its end.
_LIMITS = "Heuristics.Limits.Exceeded"
_REPLY_TOO_LARGE = "size limit exceeded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What clamd says of a file: ``signature`` is what it found; ``whole`` whether it took all."""

    signature: str | None = None
    whole: bool = True

    def problem(self, name: str) -> Problem | None:
        """What is to be said of the file of this name, if anything."""
        if self.signature:
            return _infected(name, self.signature)
        return None if self.whole else _too_large(name)


@dataclass(slots=True)
class Scan:
    """The scan of one file that is under way. Raises ScannerUnavailable when clamd gives up."""

    _clamd: "Clamd"
    _socket: socket.socket
    _open: bool = field(default=True, init=False)

    def fed(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """``pieces`` as they are, each given to the scanner as it goes by."""
        for piece in pieces:
            if self._open and piece:
                try:
                    self._socket.sendall(len(piece).to_bytes(4, "big") + piece)
                except ConnectionError:
                    # It takes no more, and its answer says why: most likely StreamMaxLength.
                    self._open = False
                except OSError as error:
                    raise self._clamd.unavailable(error) from error
            yield piece

    def verdict(self) -> Verdict:
        """What clamd says of all that was fed to it."""
        if self._open:
            with suppress(ConnectionError):
                self._socket.sendall(bytes(4))
        try:
            said = _answer(self._socket).removeprefix("stream: ")
        except OSError as error:
            raise self._clamd.unavailable(error) from error
        if said == "OK":
            return Verdict()
        if said.startswith(_LIMITS):
            return Verdict(whole=False)
        if said.endswith(" FOUND"):
            return Verdict(said.removesuffix(" FOUND"))
        if _REPLY_TOO_LARGE in said:
            return Verdict(whole=False)
        raise self._clamd.unavailable(said or "it ended the conversation")


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd by its address: the path of its socket, or ``tcp://host:port``."""

    address: str

    def version(self) -> str:
        """The engine's name and version, as ``ClamAV 1.4.6``. Raises ScannerUnavailable."""
        return self.about().split("/")[0]

    def about(self) -> str:
        """Engine, signatures and their date, as clamd tells them. Raises ScannerUnavailable."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zVERSION\0")
                if said := _answer(connection):
                    return said
        except OSError as error:
            raise self.unavailable(error) from error
        raise self.unavailable("it ended the conversation")

    @contextmanager
    def scanning(self) -> Iterator[Scan]:
        """The scan of one file, fed while the block runs. Raises ScannerUnavailable."""
        try:
            connection = self._connected()
            connection.sendall(b"zINSTREAM\0")
        except OSError as error:
            raise self.unavailable(error) from error
        with connection:
            yield Scan(self, connection)

    def unavailable(self, why: object) -> ScannerUnavailable:
        """The error that says why nothing can be scanned."""
        return ScannerUnavailable(
            f"The virus scanner at {self.address} cannot scan: {why}.",
            "Start clamd (on Debian: systemctl start clamav-daemon) and see its log, or correct "
            "intake.clamd in wiazka.toml. Nothing is taken unscanned while it is set.",
        )

    def _connected(self) -> socket.socket:
        if self.address.startswith(_TCP):
            host, _, port = self.address.removeprefix(_TCP).rpartition(":")
            return socket.create_connection((host, int(port)), timeout=_ANSWER_SECONDS)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_ANSWER_SECONDS)
            connection.connect(self.address)
        except BaseException:
            connection.close()
            raise
        return connection


def virus_check(clamd: Clamd | None, files: int, problems: Iterable[Problem]) -> Check:
    """What is kept of the scan of a submission's files: that it was run, by what, or was not."""
    if clamd is None:
        return Check(
            event="vir",
            detail=say("No virus scan was run: no scanner is configured."),
            outcome="not run",
        )
    agents = (clamd.version(),)
    problems = list(problems)
    if found := [one.path for one in problems if one.code == problem_kinds.INFECTED.code]:
        detail = say(
            "Of {files} files {number} are infected: {names}",
            files=files,
            number=len(found),
            names=", ".join(found),
        )
        return Check(event="vir", detail=detail, outcome="fail", agents=agents)
    if large := [one.path for one in problems if one.code == problem_kinds.VIRUS_SCAN_PARTIAL.code]:
        detail = say(
            "Of {files} files {number} were scanned for viruses, and none was found; too large for "
            "the scanner: {names}",
            files=files,
            number=files - len(large),
            names=", ".join(large),
        )
        return Check(event="vir", detail=detail, outcome="warning", agents=agents)
    detail = say_many(
        "{number} file was given to the virus scanner as it was first read; it found nothing.",
        "{number} files were given to the virus scanner as they were first read; it found nothing.",
        files,
    )
    return Check(event="vir", detail=detail, agents=agents)


def _answer(connection: socket.socket) -> str:
    """One answer, which ends with a zero byte; "" where the conversation was ended instead."""
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.split(b"\0")[0].decode("utf-8", "replace").strip()


def _infected(name: str, signature: str) -> Problem:
    return problem_kinds.INFECTED.at(
        name,
        say("'{name}' has a virus in it: {signature}.", name=name, signature=signature),
        say(
            "Do not open it. Ask whoever is in charge of the computers: the file stays where it "
            "lies, untouched, until they remove it; then hand the document over again without it, "
            "or with a clean copy."
        ),
    )


def _too_large(name: str) -> Problem:
    return problem_kinds.VIRUS_SCAN_PARTIAL.at(
        name,
        say("'{name}' is too large for the virus scanner, which did not scan it.", name=name),
        say(
            "Scan it by other means, or ask the administrator to raise StreamMaxLength and "
            "MaxFileSize in clamd.conf."
        ),
    )
