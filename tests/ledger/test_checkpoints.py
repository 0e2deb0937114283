"""Checkpoints: signed notes that other programs read, in every store, never of what is broken."""

import sqlite3
import stat
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.model import EventKind, EventOutcome, State, SubmissionState
from wiazka.errors import ConfigError, LedgerForked, StoreDenied, UsageError
from wiazka.ledger.checkpoints import make_checkpoint
from wiazka.ledger.keeping import keep_ledger
from wiazka.ledger.note import Checkpoint, Signature, checkpoint_of
from wiazka.ledger.signing import new_key, signing_key, verifier_key
from wiazka.settings_of_fixity import LedgerSettings
from wiazka.stores.directory import DirectoryFiles

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
NAME = "archive.example.org/ledger"


@pytest.fixture
def signed(tmp_path: Path) -> LedgerSettings:
    path = tmp_path / "checkpoint.key"
    new_key(path, NAME)
    return LedgerSettings(signing_key=path, origin=NAME)


def happen(catalogue: Catalogue, *names: str) -> None:
    for name in names:
        state = SubmissionState("d", name, "mark", State.FOUND, None, None, f"Zażółć {name}.", AT)
        catalogue.note_submission(state, EventKind.FOUND, EventOutcome.SUCCESS, {})


def kept(store: DirectoryFiles) -> list[str]:
    folder = Path(store.place, "ledger/checkpoints")
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# The format


def test_the_published_example_of_a_signed_note_is_verified() -> None:
    # The one in the documentation of golang.org/x/mod/sumdb/note; its text is no checkpoint.
    key = verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    line = (
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
        "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    data = b64decode(line)

    class Example(Checkpoint):
        body = text  # type: ignore[assignment]

    note = Example("", 0, b"", (Signature("PeterNeumann", data[:4], data[4:]),))
    assert key.signed(note) is True
    other = replace(note, signatures=(Signature("PeterNeumann", data[:4], data[5:] + b"x"),))
    assert key.signed(other) is False


@given(
    st.from_regex(r"[^\s+\x00-\x1f\x7f-\x9f]+", fullmatch=True),
    st.integers(0, 2**40),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=68, max_size=68),
)
def test_a_checkpoint_is_read_as_it_was_written(
    origin: str, count: int, root: bytes, data: bytes
) -> None:
    bare = Checkpoint(origin, count, root)
    signed = replace(bare, signatures=(Signature(origin, data[:4], data[4:]),))
    assert checkpoint_of(bare.text) == bare
    assert checkpoint_of(signed.text) == signed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\n" + "A" * 43 + "=\n\n",
        "a\n1\n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 43 + "=\nmore\n\n",
        "a\n1\n" + "A" * 43 + "=\n\n- a AAAAAAAAAA==\n",
        "a\n1\n" + "A" * 43 + "=\n\n\u2014 a !!!\n",
    ],
)
def test_what_is_no_checkpoint_says_why(text: str) -> None:
    with pytest.raises(ValueError, match=r"it has|signature"):
        checkpoint_of(text)


# Keys


def test_a_new_key_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.key"
    public = new_key(path, NAME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert verifier_key(public.line) == public
    key = signing_key(LedgerSettings(signing_key=path))
    assert key is not None
    assert key.verifier == public
    before = path.read_bytes()
    with pytest.raises(UsageError, match="there already"):
        new_key(path, NAME)
    assert path.read_bytes() == before


def test_a_key_is_not_made_within_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "config").mkdir()
    with pytest.raises(UsageError, match="git repository"):
        new_key(tmp_path / "config/checkpoint.key", NAME)
    assert not list((tmp_path / "config").iterdir())


def test_a_key_that_cannot_be_used_is_said_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        signing_key(LedgerSettings(signing_key=tmp_path / "none"))
    monkeypatch.setenv("WIAZKA_SIGNING_KEY", "PRIVATE+KEY+a+00000000+c2VjcmV0")
    with pytest.raises(ConfigError, match="WIAZKA_SIGNING_KEY") as told:
        signing_key(LedgerSettings())
    assert "c2VjcmV0" not in told.value.message + told.value.hint


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_key(tmp_path / "other.key", "other")
    new_key(tmp_path / "mine.key", "mine")
    monkeypatch.setenv("WIAZKA_SIGNING_KEY", (tmp_path / "other.key").read_text())
    key = signing_key(LedgerSettings(signing_key=tmp_path / "mine.key"))
    assert key is not None
    assert key.verifier == other
    # The key itself may have a plus in it.
    secret = (tmp_path / "other.key").read_text().split("+", 4)[-1].strip()
    assert secret not in repr(key) + repr(vars(key))


@pytest.mark.parametrize("line", ["", "a", "a+00000000+AAAA", "a b+3dfa6a51+AeXG"])
def test_what_is_no_public_key_is_said(line: str) -> None:
    with pytest.raises(UsageError, match="is no public key"):
        verifier_key(line)


def test_a_mistyped_public_key_is_refused(tmp_path: Path) -> None:
    line = new_key(tmp_path / "a.key", "a").line
    with pytest.raises(UsageError, match="is no public key"):
        verifier_key("b" + line[1:])


# Made and sent


def test_every_run_with_events_leaves_a_signed_checkpoint_and_the_public_key(
    catalogue: Catalogue, store: DirectoryFiles, signed: LedgerSettings
) -> None:
    for names in (["a"], [], ["b", "c"]):
        happen(catalogue, *names)
        assert keep_ledger(catalogue, {"disk": store}, signed) == []
    key = signing_key(signed)
    assert key is not None
    one = key.verifier.id.hex()
    assert kept(store) == [f"000000000002-{one}.txt", f"000000000004-{one}.txt"]
    public = Path(store.place, f"ledger/keys/{one}.txt").read_text()
    for name, count in zip(kept(store), (2, 4), strict=True):
        told = checkpoint_of(Path(store.place, "ledger/checkpoints", name).read_text("utf-8"))
        assert (told.origin, told.count) == (NAME, count)
        assert told.root == catalogue.tree.root(count)
        assert verifier_key(public).signed(told) is True
    assert [made.count for made in catalogue.tree.checkpoints()] == [2, 4]


def test_without_a_key_it_is_unsigned_and_later_signed_beside_it(
    catalogue: Catalogue, store: DirectoryFiles, signed: LedgerSettings
) -> None:
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert kept(store) == ["000000000001-unsigned.txt"]
    assert keep_ledger(catalogue, {"disk": store}, signed) == []
    assert len(kept(store)) == 2
    [made] = catalogue.tree.checkpoints()
    assert checkpoint_of(made.note).signatures
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert catalogue.tree.checkpoints() == [made]


def test_killed_between_segment_and_checkpoint_the_next_run_makes_up_for_it(
    catalogue: Catalogue, store: DirectoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = DirectoryFiles.put

    def killed(self: DirectoryFiles, key: str, content: object) -> None:
        if "checkpoints" in key:
            raise KeyboardInterrupt
        put(self, key, content)  # type: ignore[arg-type]

    with monkeypatch.context() as dying:
        dying.setattr(DirectoryFiles, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    assert list(Path(store.place, "ledger").glob("*.jsonl"))
    assert kept(store) == []
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert kept(store) == ["000000000001-unsigned.txt"]


def test_a_store_that_may_only_be_read_gets_it_the_next_time(
    catalogue: Catalogue, store: DirectoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []

    def denied(*_: object) -> None:
        raise StoreDenied("Store 'disk': no.")

    with monkeypatch.context() as only_read:
        only_read.setattr(DirectoryFiles, "put", denied)
        # With nothing new nothing is tried: an audit with keys that may only read is silent.
        assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
        happen(catalogue, "a")
        [fault] = keep_ledger(catalogue, {"disk": store}, LedgerSettings())
        assert isinstance(fault, StoreDenied)
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    assert len(kept(store)) == 2


def test_a_key_that_cannot_be_read_does_not_keep_events_from_the_stores(
    catalogue: Catalogue, store: DirectoryFiles, tmp_path: Path
) -> None:
    [fault] = keep_ledger(catalogue, {"disk": store}, LedgerSettings(signing_key=tmp_path / "none"))
    assert isinstance(fault, ConfigError)
    assert list(Path(store.place, "ledger").glob("*.jsonl"))
    assert kept(store) == []


def test_nothing_is_signed_that_does_not_go_on_from_the_last_checkpoint(
    catalogue: Catalogue, store: DirectoryFiles, tmp_path: Path
) -> None:
    happen(catalogue, "a")
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as now:
        now.backup(sqlite3.connect(tmp_path / "backup.sqlite"))
    happen(catalogue, "b")
    assert keep_ledger(catalogue, {"disk": store}, LedgerSettings()) == []
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as database:
        # An older backup is put in place, with the newer one's list of checkpoints.
        database.execute("DELETE FROM event WHERE seq = 3")
        database.execute(
            "UPDATE ledger SET count = 2, hash = (SELECT hash FROM event WHERE seq = 2)"
        )
    happen(catalogue, "another")
    with pytest.raises(LedgerForked, match="do not go on from its checkpoint of 3 events"):
        make_checkpoint(catalogue, LedgerSettings())
    before = sorted(Path(store.place, "ledger").iterdir())
    [fault] = keep_ledger(catalogue, {"disk": store}, LedgerSettings())
    assert isinstance(fault, LedgerForked)
    assert sorted(Path(store.place, "ledger").iterdir()) == before
