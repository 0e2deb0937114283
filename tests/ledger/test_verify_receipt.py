"""verify_receipt.py: what a donor can prove alone, with a bare Python and without a network."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import House
from wiazka.ledger import verify_receipt

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


def test_a_checkpoint_of_another_size_says_how_to_get_a_proof_that_fits(
    donor: Donor, archive: House
) -> None:
    published = archive.run("log", "checkpoint").stdout
    first = donor.bag.parent / "first.html"
    donor.receipt, donor.bag = first, donor.bag.parent / "first"
    donor.checkpoint.write_text(published, "utf-8")
    size = published.split("\n")[1]
    code, said = donor.verify()
    assert code == 1
    assert f"wiazka log proof main/note --size {size}" in said
    proof = archive.run("log", "proof", "main/note", "--version", "1", "--size", size).stdout
    donor.receipt.write_text(proof, "utf-8")
    assert donor.verify("--key", donor.key.read_text())[0] == 0


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


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.integers(0, 511))
def test_its_signatures_are_those_of_cryptography(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify_receipt.ed25519(public, message, signature)
    assert not verify_receipt.ed25519(public, message + b"x", signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not verify_receipt.ed25519(public, message, bytes(changed))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_what_cryptography_refuses_it_refuses(public: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, b"m")
        right = True
    except (InvalidSignature, ValueError):
        right = False
    assert verify_receipt.ed25519(public, b"m", signature) is right


def test_the_first_vector_of_rfc_8032() -> None:
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify_receipt.ed25519(bytes.fromhex(public), b"", bytes.fromhex(signature))
