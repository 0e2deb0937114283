"""The virus scan, by a real clamd; its test database finds the EICAR test file."""

import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import House
from tests.intake.clean import clean_delivery
from tests.intake.packing import zipped
from tests.services.clamd import EICAR, LARGEST, SIGNATURE, Scanner, clamd, program
from wiazka.errors import ScannerUnavailable
from wiazka.ingest.preflight import preflight
from wiazka.intake.deliveries import at_paths
from wiazka.intake.model import Submission
from wiazka.intake.virus import Clamd, Verdict
from wiazka.settings import Settings

needs_clamd = pytest.mark.skipif(
    program() is None, reason="clamd is not installed (Debian: apt-get install clamav-daemon)"
)


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    with clamd(tmp_path_factory.mktemp("clamd")) as running:
        yield running


def looked_at(delivery: Path, address: str | None) -> list[Submission]:
    settings = Settings.model_validate({"intake": {"clamd": address}})
    [found] = at_paths([delivery], delivery.parent)
    return list(preflight(found, settings, None))


def scanned(address: str, data: bytes) -> Verdict:
    with Clamd(address).scanning() as scan:
        assert (
            b"".join(scan.fed(data[at : at + 65536] for at in range(0, len(data), 65536))) == data
        )
        return scan.verdict()


@needs_clamd
@pytest.mark.parametrize("way", ["socket", "tcp"])
def test_a_virus_is_found_by_its_name_and_sound_bytes_are_not(scanner: Scanner, way: str) -> None:
    address = getattr(scanner, way)
    assert scanned(address, EICAR) == Verdict(SIGNATURE + ".UNOFFICIAL")
    assert scanned(address, b"nothing but a note") == Verdict()
    assert scanned(address, b"") == Verdict()
    assert Clamd(address).version().startswith("ClamAV ")


@needs_clamd
@pytest.mark.parametrize("way", ["socket", "tcp"])
def test_what_is_larger_than_the_scanner_takes_is_told_and_read_to_its_end(
    scanner: Scanner, way: str
) -> None:
    address = getattr(scanner, way)
    assert scanned(address, bytes(LARGEST - 1024)) == Verdict()
    for more in (1, 1024, LARGEST * 4):
        assert scanned(address, bytes(LARGEST + more)) == Verdict(whole=False)


@needs_clamd
def test_an_infected_file_refuses_its_document_alone_and_is_not_opened(
    scanner: Scanner, tmp_path: Path
) -> None:
    delivery = clean_delivery(tmp_path, 2)
    first, second = sorted(path for path in delivery.iterdir() if path.is_dir())
    infected = first / "scans" / "0001r.tif"
    infected.write_bytes(EICAR)
    one, two = looked_at(delivery, scanner.socket)
    # A damaged image besides would mean that it was opened.
    assert [problem.code for problem in one.errors] == ["infected"]
    assert SIGNATURE in one.errors[0].message
    assert "scans/0001r.tif" not in {file.name for file in one.files}
    assert scans(one) == ["fail"]
    assert infected.read_bytes() == EICAR
    assert (two.folder, two.problems) == (second.name, ())
    [check] = [check for check in two.checks if check.event == "vir"]
    assert check.outcome == "success"
    assert check.agents[0].startswith("ClamAV ")


@needs_clamd
def test_a_virus_in_a_zip_is_found_in_what_it_unpacks_to(scanner: Scanner, tmp_path: Path) -> None:
    delivery = clean_delivery(tmp_path)
    [folder] = [path for path in delivery.iterdir() if path.is_dir()]
    (folder / "documents").mkdir()
    (folder / "documents" / "letter.txt").write_bytes(EICAR)
    zipped(folder)
    [one] = looked_at(delivery, scanner.socket)
    assert [(p.code, p.path) for p in one.errors] == [("infected", "documents/letter.txt")]


@needs_clamd
def test_a_zip_that_is_kept_as_a_file_is_looked_into(scanner: Scanner, tmp_path: Path) -> None:
    delivery = clean_delivery(tmp_path)
    [folder] = [path for path in delivery.iterdir() if path.is_dir()]
    (folder / "documents").mkdir()
    with zipfile.ZipFile(folder / "documents" / "letters.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("letter.txt", EICAR)
    [one] = looked_at(delivery, scanner.socket)
    assert [p.code for p in one.errors] == ["infected"]


@needs_clamd
def test_a_file_too_large_for_the_scanner_travels_with_a_warning(
    scanner: Scanner, tmp_path: Path
) -> None:
    delivery = clean_delivery(tmp_path)
    [folder] = [path for path in delivery.iterdir() if path.is_dir()]
    (folder / "documents").mkdir()
    (folder / "documents" / "long.txt").write_bytes(b"a line\n" * (LARGEST // 3))
    [one] = looked_at(delivery, scanner.socket)
    assert [(p.code, p.severity) for p in one.problems] == [("virus-scan-partial", "warning")]
    assert scans(one) == ["warning"]


def test_without_a_scanner_the_record_says_that_none_was_run(tmp_path: Path) -> None:
    [one] = looked_at(clean_delivery(tmp_path), None)
    assert scans(one) == ["not run"]


def test_nothing_passes_while_the_scanner_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable) as raised:
        looked_at(clean_delivery(tmp_path), str(tmp_path / "no.ctl"))
    assert raised.value.transient
    assert "no.ctl" in raised.value.message


def test_a_scanner_that_ends_the_conversation_is_none(tmp_path: Path) -> None:
    address = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(address))
        server.listen()
        with Clamd(str(address)).scanning() as scan:
            server.accept()[0].close()
            assert list(scan.fed([b"x"])) == [b"x"]
            with pytest.raises(ScannerUnavailable):
                scan.verdict()


def test_a_run_without_its_scanner_fails_and_the_next_one_takes_the_document(
    make_house: Callable[[str], House],
) -> None:
    house = make_house(
        '[stores.disk]\nkind = "directory"\npath = "disk"\n[intake]\nclamd = "/nowhere/clamd.ctl"\n'
    )
    house.submission("note")
    done = house.run("ingest", "--json")
    assert done.returncode == 3, done.stdout
    assert '"virus-scanner"' in done.stdout
    house.config.write_text('[stores.disk]\nkind = "directory"\npath = "disk"\n')
    assert house.run("ingest", "--json").returncode == 0


def scans(submission: Submission) -> list[str]:
    """How the virus scans that a record tells of ended."""
    return [check.outcome for check in submission.checks if check.event == "vir"]
