"""What is tried again and what never is, and what a server's answers cannot do to us."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from wiazka.errors import StoreDenied, StoreError, StoreFull, StoreUnavailable
from wiazka.settings_of_stores import S3Store
from wiazka.stores.s3 import S3Bucket, open_bucket

Answer = tuple[int, str]
SLOW = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


@contextmanager
def answering(answers: list[Answer]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers in turn, the last one for ever; and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], S3Bucket]:
    monkeypatch.setenv("WIAZKA_STORE_S3_ACCESS_KEY_ID", "archive")
    monkeypatch.setenv("WIAZKA_STORE_S3_SECRET_ACCESS_KEY", "secret")
    # No test waits for a backoff; that there is one is shown by what is asked for.
    monkeypatch.setattr("wiazka.stores.s3_wire.time.sleep", lambda _: None)
    return lambda endpoint: open_bucket(
        "s3", S3Store(kind="s3", bucket="bucket", endpoint=endpoint, attempts=3)
    )


def read(store: S3Bucket, key: str = "a") -> bytes:
    with store.open(key) as stream:
        return stream.read()


@pytest.mark.parametrize(
    "first", [(503, SLOW), (429, ""), (500, ""), (502, "<html>"), (0, "")], ids=str
)
def test_what_may_pass_is_asked_again(opened: Callable[[str], S3Bucket], first: Answer) -> None:
    with answering([first, first, (200, "a scan")]) as (endpoint, asked):
        assert read(opened(endpoint)) == b"a scan"
    assert asked == ["/bucket/a"] * 3


def test_it_is_not_asked_for_ever(opened: Callable[[str], S3Bucket]) -> None:
    with answering([(503, SLOW)]) as (endpoint, asked):
        with pytest.raises(StoreUnavailable, match="503 SlowDown"):
            read(opened(endpoint))
        assert len(asked) == 3


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((403, "<Error><Code>AccessDenied</Code></Error>"), StoreDenied),
        ((401, ""), StoreDenied),
        ((400, "<Error><Code>InvalidArgument</Code></Error>"), StoreError),
        ((507, "<Error><Code>InsufficientStorage</Code></Error>"), StoreFull),
        ((301, "<Error><Code>PermanentRedirect</Code></Error>"), StoreError),
    ],
)
def test_what_will_not_pass_is_asked_once(
    opened: Callable[[str], S3Bucket], answer: Answer, kind: type[StoreError]
) -> None:
    with answering([answer]) as (endpoint, asked):
        with pytest.raises(kind) as caught:
            read(opened(endpoint))
        assert type(caught.value) is kind
        assert len(asked) == 1


def test_a_bucket_elsewhere_says_which_setting_is_wrong(
    opened: Callable[[str], S3Bucket],
) -> None:
    answer = (301, "<Error><Code>PermanentRedirect</Code></Error>")
    with answering([answer]) as (endpoint, _), pytest.raises(StoreError) as caught:
        read(opened(endpoint))
    assert "stores.s3.region" in caught.value.hint


def test_a_key_that_looks_like_a_query_is_a_key(opened: Callable[[str], S3Bucket]) -> None:
    with answering([(200, "a scan")]) as (endpoint, asked):
        assert read(opened(endpoint), "a?b=c#d%20/ż") == b"a scan"
    assert asked == ["/bucket/a%3Fb%3Dc%23d%2520/%C5%BC"]


@pytest.mark.parametrize(
    ("told", "second"),
    [
        ("2026-11-28T22:34:01.250Z", 1.25),
        ("2026-11-28T23:34:01+01:00", 1),
        ("Sat, 28 Nov 2026 22:34:01 GMT", 1),
        ("1795905241", 1),
    ],
)
def test_when_an_object_came_is_understood_however_a_server_writes_it(
    opened: Callable[[str], S3Bucket], told: str, second: float
) -> None:
    listing = f"""<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Contents>
        <Key>a</Key><Size>1</Size><LastModified>{told}</LastModified></Contents></ListBucketResult>"""
    with answering([(200, listing)]) as (endpoint, _):
        [found] = opened(endpoint).list()
    assert found.stored_at is not None
    since = found.stored_at - datetime(2026, 11, 28, 22, 34, tzinfo=UTC)
    assert since.total_seconds() == second
