"""The day's digest is sent once, to real servers; silent when all is well, but for once a week."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import House
from tests.digest.sinks import PASSWORD, MailSink, WebSink, mail_sink, web_sink
from wiazka.digest.channels import ENV_HEARTBEAT, ENV_SMTP, ENV_WEBHOOK
from wiazka.digest.marks import Marks
from wiazka.digest.telling import tell_today
from wiazka.errors import ConfigError, DigestNotSent
from wiazka.schedules import Schedule
from wiazka.settings import load

WARSAW = ZoneInfo("Europe/Warsaw")
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=WARSAW)
DAY = timedelta(days=1)
NIGHTLY = Schedule("nightly", "flows/ingest.py:ingest", "0 1 * * *", "Europe/Warsaw")

CONFIG = """lang = "pl"
[archive]
name = "Archiwum Żółwi"
[digest]
mail_to = ["zofia@example.org", "jan@example.org"]
mail_from = "Wiązka <wiazka@example.org>"
[stores.disk]
kind = "directory"
path = "disk"
"""


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    with mail_sink() as sink:
        server = {"host": "127.0.0.1", "port": sink.port, "starttls": False}
        monkeypatch.setenv(ENV_SMTP, json.dumps(server))
        yield sink


@pytest.fixture
def chat() -> Iterator[WebSink]:
    with web_sink() as sink:
        yield sink


@pytest.fixture
def told_house(make_house: Callable[[str], House]) -> House:
    return make_house(CONFIG)


def tell(house: House, at: datetime) -> tuple[str, ...]:
    return tell_today(load(house.config), at).sent


def break_something(house: House, at: datetime) -> None:
    """The nightly ingest is due, and does not come."""
    Marks(load(house.config).runs).serve([NIGHTLY], at - 2 * DAY)


def test_the_first_digest_says_that_it_is_alive_and_then_it_is_silent_until_its_weekday(
    told_house: House, sink: MailSink
) -> None:
    days = [TUESDAY + number * DAY for number in range(8)]
    sent = [tell(told_house, day) for day in days]
    # Tuesday, the first of all; then Monday, when the week is told.
    assert [number for number, by in enumerate(sent) if by] == [0, 6]
    assert all("Wszystko w porządku" in mail["Subject"] for mail in sink.mails)


def test_a_weekly_message_that_could_not_be_sent_on_its_day_is_sent_the_day_after(
    told_house: House, sink: MailSink
) -> None:
    tell(told_house, TUESDAY)
    monday = TUESDAY + 6 * DAY
    sink.refuse = "451 later"
    for day in range(1, 6):
        tell(told_house, TUESDAY + day * DAY)
    with pytest.raises(DigestNotSent):
        tell(told_house, monday)
    sink.refuse = None
    assert tell(told_house, monday + DAY) == ("mail",)


def test_what_needs_somebody_is_mailed_each_day_once(told_house: House, sink: MailSink) -> None:
    break_something(told_house, TUESDAY)
    assert tell(told_house, TUESDAY) == ("mail",)
    assert tell(told_house, TUESDAY + timedelta(hours=1)) == ()
    assert tell(told_house, TUESDAY + DAY) == ("mail",)
    assert len(sink.mails) == 2
    assert "'ingest.nightly'" in _plain(sink) or "ingest.nightly" in _plain(sink)


def test_a_mail_with_polish_letters_arrives_as_it_was_written(
    told_house: House, sink: MailSink
) -> None:
    tell(told_house, TUESDAY)
    [mail] = sink.mails
    assert mail["Subject"] == "Archiwum Żółwi: Wszystko w porządku"
    assert mail["To"] == "zofia@example.org, jan@example.org"
    assert mail["From"].addresses[0].display_name == "Wiązka"
    assert mail["Message-ID"] == "<wiazka-digest-2026-11-24@example.org>"
    assert mail["Date"].datetime == TUESDAY
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}
    assert "Wszystko w porządku" in _plain(sink)
    assert "Archiwum Żółwi" in mail.get_body(("html",)).get_content()
    # A mail server need not take more than ASCII.
    assert sink.raw[0].isascii()


def test_what_was_not_taken_is_told_again_as_new(told_house: House, sink: MailSink) -> None:
    break_something(told_house, TUESDAY)
    sink.refuse = "552 mailbox full"
    with pytest.raises(DigestNotSent, match="552 mailbox full"):
        tell(told_house, TUESDAY)
    assert not sink.mails
    sink.refuse = None
    assert tell(told_house, TUESDAY) == ("mail",)


def test_a_chat_that_is_down_does_not_keep_the_mail_back_nor_have_it_sent_twice(
    told_house: House, sink: MailSink, chat: WebSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_WEBHOOK, f"{chat.url}/hooks/secret-path")
    chat.status = 503
    with pytest.raises(DigestNotSent) as fault:
        tell(told_house, TUESDAY)
    assert "503" in fault.value.message
    assert "secret-path" not in fault.value.message + fault.value.hint
    chat.status = 200
    assert tell(told_house, TUESDAY) == ("webhook",)
    assert len(sink.mails) == 1
    path, body = chat.asked[-1]
    assert path == "/hooks/secret-path"
    assert "Wszystko w porządku" in json.loads(body)["text"]


def test_a_watch_from_outside_is_called_also_when_nothing_is_sent(
    told_house: House, sink: MailSink, chat: WebSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_HEARTBEAT, f"{chat.url}/ping/1")
    tell(told_house, TUESDAY)
    assert tell(told_house, TUESDAY + DAY) == ()
    assert [path for path, _ in chat.asked] == ["/ping/1", "/ping/1"]


def test_a_watch_is_not_called_when_the_digest_could_not_be_sent(
    told_house: House, sink: MailSink, chat: WebSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_HEARTBEAT, f"{chat.url}/ping/1")
    sink.refuse = "451 later"
    with pytest.raises(DigestNotSent):
        tell(told_house, TUESDAY)
    assert chat.asked == []


def test_days_without_any_digest_are_themselves_told(told_house: House, sink: MailSink) -> None:
    tell(told_house, TUESDAY)
    assert tell(told_house, TUESDAY + 3 * DAY) == ("mail",)
    assert tell(told_house, TUESDAY + 4 * DAY) == ()


def test_a_catalogue_that_cannot_be_opened_is_told(told_house: House, sink: MailSink) -> None:
    tell(told_house, TUESDAY)
    catalogue = load(told_house.config).paths.home / "catalogue.sqlite"
    catalogue.write_bytes(b"not a database, " * 1000)
    assert tell(told_house, TUESDAY + DAY) == ("mail",)
    assert "catalogue.sqlite" in _plain(sink).replace("\n", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_home_that_cannot_be_written_is_told(told_house: House, sink: MailSink) -> None:
    tell(told_house, TUESDAY)
    runs = load(told_house.config).runs
    runs.chmod(0o500)
    try:
        assert tell(told_house, TUESDAY + DAY) == ("mail",)
    finally:
        runs.chmod(0o700)


def test_the_password_opens_the_mail_server_and_a_wrong_one_is_told_without_being_shown(
    told_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_sink(with_password=True) as sink:
        server = {"host": "127.0.0.1", "port": sink.port, "starttls": False, "username": "wiazka"}
        monkeypatch.setenv(ENV_SMTP, json.dumps({**server, "password": "wrong-secret"}))
        with pytest.raises(DigestNotSent) as fault:
            tell(told_house, TUESDAY)
        assert "password" in fault.value.message
        assert "wrong-secret" not in fault.value.message + fault.value.hint
        monkeypatch.setenv(ENV_SMTP, json.dumps({**server, "password": PASSWORD}))
        assert tell(told_house, TUESDAY) == ("mail",)


def test_a_server_that_offers_no_encryption_is_not_used_when_it_was_asked_for(
    told_house: House, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_SMTP, json.dumps({"host": "127.0.0.1", "port": sink.port}))
    with pytest.raises(DigestNotSent, match="STARTTLS"):
        tell(told_house, TUESDAY)
    assert not sink.mails


@pytest.mark.parametrize(
    "held",
    [
        "hunter2",
        '{"host": "smtp.example.org", "pasword": "hunter2"}',
        '{"host": "smtp.example.org", "port": "many", "password": "hunter2"}',
        '{"host": "smtp.example.org", "starttls": false, "password": "hunter2"}',
        "[]",
    ],
)
def test_what_is_set_wrong_for_the_mail_server_is_told_without_its_secret(
    told_house: House, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_SMTP, held)
    with pytest.raises(ConfigError) as fault:
        tell(told_house, TUESDAY)
    assert "hunter2" not in fault.value.message + fault.value.hint


def test_the_command_shows_it_and_sends_it(told_house: House, sink: MailSink) -> None:
    shown = told_house.run("digest", "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["well"] is True
    assert not sink.mails
    sent = told_house.run("digest", "--send", "--json")
    assert json.loads(sent.stdout)["sent"] == ["mail"]
    again = told_house.run("digest", "--send")
    assert again.returncode == 0
    assert len(sink.mails) == 1


def test_the_command_says_when_nobody_is_to_be_told(house: House) -> None:
    done = house.run("digest", "--send")
    assert done.returncode == 2
    assert "digest.mail_to" in done.stderr


def test_documents_that_were_refused_and_an_incident_are_told_with_what_to_do(
    told_house: House, sink: MailSink
) -> None:
    told_house.submission("note")
    told_house.submission("broken", record="date: 1984\n")
    told_house.run("ingest")
    [stored] = (told_house.path / "disk").rglob("0001r.tif")
    damage(stored)
    told_house.run("audit")
    shown = json.loads(told_house.run("digest", "--json").stdout)
    entries = {e["text"]: e for section in shown["sections"] for e in section["entries"]}
    assert any("delivery/broken" in text for text in entries)
    assert any(e["then"] == "wiazka incident show 1" and e["new"] for e in entries.values())
    assert told_house.run("digest").returncode == 1


def test_a_store_without_a_policy_is_told_each_day_until_it_has_one(
    make_house: Callable[[str], House], sink: MailSink
) -> None:
    house = make_house(f'{CONFIG}[stores.nas]\nkind = "directory"\npath = "nas"\n')
    house.submission("note")
    house.run("ingest")
    # Without any policy an audit reads every store.
    tell(house, TUESDAY)
    assert tell(house, TUESDAY + DAY) == ()
    config = house.config.read_text("utf-8")
    house.config.write_text(f'{config}[fixity.disk]\nread_every = "90d"\n', "utf-8")
    assert [tell(house, TUESDAY + day * DAY) for day in (2, 3)] == [("mail",), ("mail",)]
    assert '[fixity.nas] read_every = "90d"' in _plain(sink).replace("\n  ", "")
    checks = json.loads(house.run("doctor", "--json").stdout)["checks"]
    warned = [one["part"] for one in checks if "has no policy" in one["warning"]]
    assert warned == ["store nas"]
    # A store that only its provider reads has one, too.
    policies = '[fixity.disk]\nread_every = "90d"\n[fixity.nas]\nrecomputed_every = "365d"\n'
    house.config.write_text(config + policies, "utf-8")
    assert tell(house, TUESDAY + 4 * DAY) == ()


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def _plain(sink: MailSink) -> str:
    return sink.mails[-1].get_body(("plain",)).get_content()
