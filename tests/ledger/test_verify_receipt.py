"""verify_receipt.py: what a donor can prove alone, with a bare Python and without a network."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import House
from wiazka.ledger import verify_receipt
from wiazka.ledger.verify_receipt_words import WORDS

NAME = "archive.example.org/ledger"


class Donor:
    """What a donor has in a folder: a receipt, a bag, a checkpoint, a public key, the program."""

    def __init__(self, folder: Path) -> None:
        self.receipt, self.bag = folder / "receipt.html", folder / "bag"
        self.checkpoint, self.key = folder / "checkpoint.txt", folder / "key.txt"
        self.program = folder / "verify_receipt.py"

    def verify(self, *more: str) -> tuple[int, str]:
        """With the published checkpoint."""
        return self.run(str(self.receipt), str(self.bag), str(self.checkpoint), *more)

    def run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            # Neither packages, nor the environment, nor the folder of the program.
            [sys.executable, "-I", "-S", str(self.program), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    def tag(self, name: str, old: bytes, new: bytes) -> None:
        path = self.bag / name
        path.write_bytes(path.read_bytes().replace(old, new, 1))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An archive that signs, with two documents, one of them in a second version."""
    house = House(tmp_path_factory.mktemp("archive"))
    key = house.path / "checkpoint.key"
    house.config.write_text(
        '[stores.disk]\nkind = "directory"\npath = "disk"\n'
        f'[ledger]\norigin = "{NAME}"\nsigning_key = "{key}"\n',
        "utf-8",
    )
    assert house.run("log", "key", "--new", str(key)).returncode == 0
    house.submission("note")
    house.submission("zażółć")
    assert house.run("ingest").returncode == 0
    text = house.submission("note", delivery="second") / "transcription/pl/0001.txt"
    text.write_text("Odpis poprawiony.", encoding="utf-8")
    done = house.run("ingest", "inbox/second")
    assert (done.returncode, done.stderr) == (0, "")
    return house


@pytest.fixture(scope="module")
def given_away(archive: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("given")
    donor = Donor(folder)
    receipts = archive.path / "wiazka-home/reports/receipts/main/note"
    shutil.copy(receipts / "v2.html", donor.receipt)
    shutil.copy(receipts / "v1.html", folder / "first.html")
    for version, bag in (("2", donor.bag), ("1", folder / "first")):
        done = archive.run("restore", "note", "--version", version, "--to", str(bag))
        assert done.returncode == 0, done.stderr
    proof = json.loads(_proof(donor.receipt))
    donor.checkpoint.write_text(proof["checkpoint"], "utf-8")
    donor.key.write_text(archive.run("log", "key").stdout, "utf-8")
    donor.program.write_text(archive.run("log", "verifier").stdout, "utf-8")
    return folder


def _proof(receipt: Path) -> str:
    return json.dumps(verify_receipt.proof_in(receipt.read_text("utf-8")))


@pytest.fixture
def donor(given_away: Path, tmp_path: Path) -> Donor:
    shutil.copytree(given_away, tmp_path / "donor")
    return Donor(tmp_path / "donor")


def test_a_receipt_a_bag_and_a_published_checkpoint_prove_the_registration(donor: Donor) -> None:
    code, said = donor.verify("--key", donor.key.read_text())
    assert code == 0, said
    assert "main/note version 2 was registered" in said
    assert "The published checkpoint is of these very events" in said
    assert "signed with the key that you gave" in said
    assert "NOT proved" not in said


def test_what_was_not_proved_is_said(donor: Donor) -> None:
    code, said = donor.run(str(donor.receipt), str(donor.bag))
    assert code == 0
    assert "NOT proved: that the archive published this checkpoint" in said


def test_an_earlier_version_has_its_own_receipt(donor: Donor) -> None:
    folder = donor.bag.parent
    code, said = donor.run(str(folder / "first.html"), str(folder / "first"))
    assert (code, "version 1 was registered" in said) == (0, True), said
    code, said = donor.run(str(folder / "first.html"), str(donor.bag))
    assert (code, "not the bag that was registered" in said) == (1, True)


SPOILT: dict[str, tuple[Callable[[Donor], object], str]] = {
    "a byte of a scan": (
        lambda donor: donor.tag("data/objects/scans/0001r.tif", b"II", b"IJ"),
        "was changed: data/objects/scans/0001r.tif",
    ),
    "a tag file": (
        lambda donor: donor.tag("bag-info.txt", b"main", b"Main"),
        "was changed: bag-info.txt",
    ),
    "a manifest": (
        lambda donor: donor.tag("manifest-sha256.txt", b"0001r", b"0001x"),
        "was changed: manifest-sha256.txt",
    ),
    "the tag manifest": (
        lambda donor: donor.tag("tagmanifest-sha256.txt", b"dc.xml", b"dd.xml"),
        "not the bag that was registered",
    ),
    "a file missing": (
        lambda donor: (donor.bag / "data/objects/scans/0001r.tif").unlink(),
        "missing: data/objects/scans/0001r.tif",
    ),
    "a file more": (
        lambda donor: (donor.bag / "data/objects/scans/extra.tif").write_bytes(b""),
        "more than was registered: data/objects/scans/extra.tif",
    ),
    "a tag manifest more": (
        lambda donor: (donor.bag / "tagmanifest-md5.txt").write_bytes(b""),
        "tagmanifest-md5.txt lists other files",
    ),
    "no bag": (lambda donor: shutil.rmtree(donor.bag / "metadata"), "missing: metadata/dc.xml"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_bag_that_is_not_what_was_registered_is_named(donor: Donor, what: str) -> None:
    spoil, expected = SPOILT[what]
    spoil(donor)
    code, said = donor.verify()
    assert (code, said.count("\n")) == (1, 1)
    assert expected in said
    assert said.startswith("WRONG. ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("main/note", "main/nope"),
        ("&#34;index&#34;: ", "&#34;index&#34;: 1"),
        ("&#34;size&#34;: ", "&#34;size&#34;: 1"),
        ("wiazka-proof", "wiazka-prof"),
        ("2026-", "1926-"),
    ],
)
def test_a_receipt_that_was_changed_proves_nothing(donor: Donor, old: str, new: str) -> None:
    page = donor.receipt.read_text("utf-8")
    begin = page.index("ledger-proof")
    assert old in page[begin:]
    donor.receipt.write_text(page[:begin] + page[begin:].replace(old, new, 1), "utf-8")
    code, said = donor.verify()
    assert (code, said.startswith("WRONG. ")) == (1, True), said


def test_every_changed_hash_of_the_proof_is_rejected(donor: Donor) -> None:
    proof = json.loads(_proof(donor.receipt))
    donor.receipt = donor.receipt.with_suffix(".json")
    for place, told in enumerate(proof["path"]):
        other = ("B" if told[0] == "A" else "A") + told[1:]
        path = [*proof["path"][:place], other, *proof["path"][place + 1 :]]
        donor.receipt.write_text(json.dumps({**proof, "path": path}))
        assert donor.verify()[0] == 1
    donor.receipt.write_text(json.dumps(proof))
    assert donor.verify()[0] == 0


def test_another_ledger_of_the_same_size_is_not_the_published_one(donor: Donor) -> None:
    text = donor.checkpoint.read_text("utf-8")
    root = text.split("\n")[2]
    other = ("B" if root[0] == "A" else "A") + root[1:]
    donor.checkpoint.write_text(text.replace(root, other), "utf-8")
    code, said = donor.verify()
    assert (code, "not the one that was published" in said) == (1, True)


def test_a_wrong_signature_and_a_wrong_key_are_told(donor: Donor, archive: House) -> None:
    other = archive.path / f"{donor.bag.parent.parent.name}.key"
    wrong = archive.run("log", "key", "--new", str(other)).stdout
    code, said = donor.verify("--key", wrong)
    assert (code, "not signed with that key" in said) == (1, True)
    text = donor.checkpoint.read_text("utf-8")
    donor.checkpoint.write_text(text[:-10] + ("B" if text[-10] == "A" else "A") + text[-9:])
    code, said = donor.verify()
    assert (code, "signature of the checkpoint is wrong" in said) == (1, True)
    code, said = donor.verify("--key", donor.key.read_text().replace("+", "+0", 1))
    assert (code, "public key" in said) == (1, True)


def test_a_checkpoint_of_another_size_is_not_wrong_and_can_be_made_decidable(
    donor: Donor, archive: House
) -> None:
    published = archive.run("log", "checkpoint").stdout
    first = donor.bag.parent / "first.html"
    count = json.loads(_proof(first))["size"]
    donor.receipt, donor.bag = first, donor.bag.parent / "first"
    donor.checkpoint.write_text(published, "utf-8")
    size = published.split("\n")[1]
    code, said = donor.verify()
    assert code == 3
    assert "WRONG" not in said
    assert f"This checkpoint is of {size} events, the receipt's proof is for {count}" in said
    assert f"wiazka log consistency {count} {size}" in said
    assert "The bag is the one that was registered" in said
    joined = donor.bag.parent / "joined.json"
    joined.write_text(archive.run("log", "consistency", str(count), size).stdout, "utf-8")
    code, said = donor.verify("--consistency", str(joined), "--key", donor.key.read_text())
    assert (code, f"checkpoint of {size} events goes on from" in said) == (0, True), said
    # Another root, another path, and a proof of other sizes.
    root = published.split("\n")[2]
    other = ("B" if root[0] == "A" else "A") + root[1:]
    donor.checkpoint.write_text(published.replace(root, other), "utf-8")
    code, said = donor.verify("--consistency", str(joined))
    assert (code, "does not" in said) == (1, True), said
    donor.checkpoint.write_text(published, "utf-8")
    proof = json.loads(joined.read_text())
    joined.write_text(json.dumps({**proof, "path": ["A" * 43 + "=", *proof["path"][1:]]}))
    assert donor.verify("--consistency", str(joined))[0] == 1
    joined.write_text(json.dumps({**proof, "old": 1}))
    code, said = donor.verify("--consistency", str(joined))
    assert (code, "does not join" in said) == (3, True), said
    # The damage of a bag is wrong whatever cannot be decided.
    donor.tag("bag-info.txt", b"main", b"Main")
    assert donor.verify()[0] == 1
    # A proof for the published number needs nothing else.
    donor.tag("bag-info.txt", b"Main", b"main")
    again = archive.run("log", "proof", "main/note", "--version", "1", "--size", size).stdout
    donor.receipt.write_text(again, "utf-8")
    assert donor.verify("--key", donor.key.read_text())[0] == 0


def test_a_receipt_from_before_the_archive_had_a_key_is_undecided_and_not_wrong(
    donor: Donor, archive: House
) -> None:
    proof = json.loads(_proof(donor.receipt))
    unsigned = proof["checkpoint"].split("\n\n")[0] + "\n"
    donor.receipt.write_text(json.dumps({**proof, "checkpoint": unsigned}), "utf-8")
    key = donor.key.read_text("utf-8")
    # The published one is of the same events, and its signature is what counts.
    assert donor.verify("--key", key)[0] == 0
    published = archive.run("log", "checkpoint").stdout
    assert published.split("\n")[1] != str(proof["size"])
    donor.checkpoint.write_text(published, "utf-8")
    code, said = donor.verify("--key", key)
    assert (code, "WRONG" in said, "who made the checkpoint" in said) == (3, False, True), said


def test_a_published_checkpoint_from_before_the_event_does_not_prove_it(
    donor: Donor, archive: House
) -> None:
    early = json.loads(_proof(donor.bag.parent / "first.html"))
    late = json.loads(_proof(donor.receipt))
    donor.checkpoint.write_text(early["checkpoint"], "utf-8")
    sizes = [str(early["size"]), str(late["size"])]
    joined = donor.bag.parent / "joined.json"
    joined.write_text(archive.run("log", "consistency", *sizes).stdout, "utf-8")
    code, said = donor.verify("--consistency", str(joined))
    assert code == 3
    assert f"goes on from the {sizes[0]} events of the published one" in said
    assert "it is older than event" in said


def test_a_proof_between_sizes_that_are_not_there_is_refused(archive: House) -> None:
    for old, new in (("3", "2"), ("1", "99999"), ("2", "2")):
        done = archive.run("log", "consistency", old, new)
        assert (done.returncode, "the smaller one first" in done.stderr) == (2, True)


HOSTILE: dict[str, object] = {
    "no JSON": "{",
    "a list": "[]",
    "deep": "[" * 100_000,
    "a page that never ends": "<html><div id='ledger-proof'>" + "<div>" * 1000 + "<![foo",
    "an event that is none": {"event": "[1]"},
    "an event of numbers": {"event": 7},
    "an event without a detail": {"event": '{"kind": "registered", "detail": 3}'},
    "a deep event": {"event": "[" * 100_000},
    "a huge number": {"index": 10**4000},
    "a huge size": {"size": 10**4000},
    "a negative number": {"index": -1},
    "a broken number": {"index": 1.5},
    "a truth": {"index": True},
    "no path": {"path": None},
    "a path of numbers": {"path": [1, 2]},
    "a path of text": {"path": "AAAA"},
    "short hashes": {"path": ["AAAA"]},
    "a long path": {"path": ["A" * 43 + "="] * 10_000},
    "no checkpoint": {"checkpoint": None},
    "a checkpoint of very many": {"checkpoint": f"a\n{'9' * 5000}\n{'A' * 43}=\n\n"},
    "half a character": {"event": "\udc80"},
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_hostile_receipt_gets_one_clear_sentence(donor: Donor, what: str, lang: str) -> None:
    hostile, proof = HOSTILE[what], json.loads(_proof(donor.receipt))
    text = json.dumps({**proof, **hostile}) if isinstance(hostile, dict) else str(hostile)
    donor.receipt.write_text(text, "utf-8")
    code, said = donor.verify("--lang", lang)
    assert (code, said.count("\n")) == (1, 1), said
    assert said.startswith({"en": "WRONG. ", "pl": "ŹLE. "}[lang])


def test_what_is_not_text_is_told(donor: Donor) -> None:
    for path in (donor.checkpoint, donor.receipt):
        path.write_bytes(b"\xff\xfe\x00")
        code, said = donor.verify()
        assert (code, said.startswith("WRONG. "), said.count("\n")) == (1, True, 1)


def test_a_receipt_cut_off_anywhere_proves_nothing(donor: Donor) -> None:
    text = _proof(donor.receipt)
    for end in range(0, len(text), len(text) // 20):
        with pytest.raises(verify_receipt.Wrong):
            verify_receipt.verify(text[:end], donor.bag, None, None)


def test_it_speaks_polish_where_the_machine_does(donor: Donor) -> None:
    code, said = donor.verify("--lang", "pl", "--key", donor.key.read_text())
    assert code == 0
    assert "zarejestrowano main/note, wersja 2" in said
    assert "Paczka jest tą, którą zarejestrowano" in said
    told = {}
    for lang in ("pl_PL.UTF-8", "C"):
        # Its surroundings are isolated by -I, but for what says which language is spoken.
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-X", "utf8", donor.program, donor.receipt, donor.bag],
            env={"LC_ALL": lang},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        told[lang] = done.stdout
    assert told["pl_PL.UTF-8"].startswith("DOBRZE. ")
    assert told["C"].startswith("RIGHT. ")


def test_every_sentence_takes_the_same_values_in_both_languages() -> None:
    for english, polish in WORDS.values():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", polish))


def test_accents_that_an_unpacking_program_wrote_otherwise_are_the_same_names(
    tmp_path: Path,
) -> None:
    bag, composed, apart = tmp_path / "bag", "data/\u00f3.txt", "data/o\u0301.txt"
    (bag / "data").mkdir(parents=True)
    (bag / apart).write_bytes(b"x")
    digest = verify_receipt._digest(bag / apart, "sha256")
    (bag / "manifest-sha256.txt").write_text(f"{digest}  {composed}\n", "utf-8")
    tag = verify_receipt._digest(bag / "manifest-sha256.txt", "sha256")
    (bag / "tagmanifest-sha256.txt").write_text(f"{tag}  manifest-sha256.txt\n")
    seal = verify_receipt._digest(bag / "tagmanifest-sha256.txt", "sha256")
    assert verify_receipt.check_bag(bag, seal)[0] == 3
    (bag / composed).write_bytes(b"y")
    with pytest.raises(verify_receipt.Wrong, match="more than was registered"):
        verify_receipt.check_bag(bag, seal)
    (bag / composed).unlink()
    (bag / "data/more").symlink_to(bag)
    with pytest.raises(verify_receipt.Wrong, match=r"A link stands in the bag.*data/more"):
        verify_receipt.check_bag(bag, seal)


def test_it_is_called_wrongly_with_2(donor: Donor) -> None:
    assert donor.run(str(donor.receipt), str(donor.bag / "none"))[0] == 2
    assert donor.run(str(donor.bag / "none.html"), str(donor.bag))[0] == 2
    assert donor.run()[0] == 2
