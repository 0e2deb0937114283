"""Every kind of damage on every kind of store: mended, kept, and the expected digests untouched."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from tests.conftest import House
from tests.repair.houses import NOTE, SCAN, all_well, events, expected, repair, rot, run
from tests.services.faults import Fault, fault_proxy
from tests.services.running import Service
from tests.services.versitygw import Versitygw

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KINDS = [
    "directory",
    "versitygw plain",
    "versitygw versions",
    "versitygw lock",
    "ministack plain",
    "ministack versions",
    "ministack lock",
    "swift plain",
    "swift versions",
    "ceph plain",
    "ceph versions",
    "ceph lock",
]
DISK = '[stores.disk]\nkind = "directory"\npath = "disk"\n'
_numbers = itertools.count()


class Mended:
    """A store that is damaged by hand, behind wiazka's back, and looked at by hand afterwards."""

    house: House
    keeps_versions: bool = False

    def all(self) -> dict[str, bytes]:
        """Every object of packages/, as who reads it now gets it."""
        raise NotImplementedError

    def write_over(self, key: str, data: bytes) -> None:
        raise NotImplementedError

    def remove(self, key: str) -> None:
        raise NotImplementedError

    def kept(self, told: dict[str, Any], key: str) -> bytes:
        """The damaged bytes, from where the repair says that they are."""
        raise NotImplementedError


@dataclass
class InDirectory(Mended):
    house: House

    @property
    def root(self) -> Path:
        return self.house.path / "cloud"

    def all(self) -> dict[str, bytes]:
        found = (path for path in (self.root / "packages").rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)): path.read_bytes() for path in found}

    def write_over(self, key: str, data: bytes) -> None:
        (self.root / key).write_bytes(data)

    def remove(self, key: str) -> None:
        (self.root / key).unlink()

    def kept(self, told: dict[str, Any], key: str) -> bytes:
        return (self.root / told["kept"]).read_bytes()


@dataclass
class InBucket(Mended):
    house: House
    client: "S3Client"
    bucket: str
    keeps_versions: bool = False

    def all(self) -> dict[str, bytes]:
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix="packages/")
        return {found["Key"]: self._read(found["Key"]) for found in listed["Contents"]}

    def write_over(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def kept(self, told: dict[str, Any], key: str) -> bytes:
        if told["kept"].startswith("aside/"):
            return self._read(told["kept"])
        version = told["kept"].removeprefix("version ").removesuffix(f" of {key}")
        return self._read(key, VersionId=version)

    def _read(self, key: str, **version: str) -> bytes:
        answer = self.client.get_object(Bucket=self.bucket, Key=key, **version)
        return answer["Body"].read()


@pytest.fixture(scope="module", params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mended:
    house = House(tmp_path_factory.mktemp("house"))
    house.submission("note")
    if request.param == "directory":
        house.config.write_text(DISK + '[stores.cloud]\nkind = "directory"\npath = "cloud"\n')
        return begun(InDirectory(house))
    server, how = request.param.split()
    service: Service = request.getfixturevalue(server)
    service.let_in("cloud")
    bucket = f"repair-{next(_numbers)}-{os.getpid()}"
    service.make_bucket(bucket, versioning=how != "plain", lock=how == "lock")
    lock = 'lock = { mode = "governance", days = 3 }\n' if how == "lock" else ""
    house.config.write_text(
        f'{DISK}[stores.cloud]\nkind = "s3"\nbucket = "{bucket}"\n'
        f'endpoint = "{service.endpoint}"\nregion = "us-east-1"\n{lock}'
    )
    return begun(InBucket(house, service.client(), bucket, how != "plain"))


def begun(place: Mended) -> Mended:
    done = place.house.run("ingest")
    assert done.returncode == 0, done.stdout + done.stderr
    return place


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "a bit": flipped,
    "truncated": lambda data: data[: len(data) // 2],
    "empty": lambda _: b"",
    "zeros": lambda data: bytes(len(data)),
}
FILES = (SCAN, "metadata/record.json", "manifest-sha256.txt", "../v1.json")


# Four files are damaged at a time, each in another way; in five turns each in every way.
@pytest.mark.parametrize("turn", range(len(DAMAGES)))
def test_it_is_mended_byte_for_byte_and_what_was_there_is_kept(place: Mended, turn: int) -> None:
    sound, known = place.all(), expected(place.house)
    ways = list(DAMAGES.values())
    bad = {}
    for number, path in enumerate(FILES):
        data = ways[(turn + number) % len(ways)](sound[key_of(path)])
        bad[path] = data
        if data is None:
            place.remove(key_of(path))
        else:
            place.write_over(key_of(path), data)
    code, report = repair(place.house, "--store", "cloud")
    assert code == 0, report
    [copy] = report["copies"]
    told = {file["path"]: file for file in copy["files"]}
    assert sorted(told) == sorted(FILES)
    assert place.all() == sound
    assert expected(place.house) == known
    for path, data in bad.items():
        assert (told[path]["from"], told[path]["mended"]) == ("disk", True)
        assert told[path]["outcome"] == ("missing" if data is None else "changed")
        if data is None:
            assert told[path]["kept"] is None
        else:
            assert place.kept(told[path], key_of(path)) == data
    assert [e["outcome"] for e in events(place.house)][-2:] == ["warning", "success"]


def remedies(house: House) -> list[dict[str, Any]]:
    """Those that the open incidents propose."""
    listed = run(house, "incident", "list")[1]["incidents"]
    shown = [run(house, "incident", "show", str(one["number"]))[1] for one in listed]
    return [remedy for one in shown for remedy in one["remedies"]]


def key_of(path: str) -> str:
    return f"{NOTE}.json" if path == "../v1.json" else f"{NOTE}/{path}"


def test_the_storage_manifest_alone_is_no_source_for_itself(place: Mended) -> None:
    """It is made from the catalogue, and only when another copy says the same."""
    if place.keeps_versions:
        pytest.skip("an earlier version of it is one")
    sound = place.all()
    mark = place.house.path / "disk" / f"{NOTE}.json"
    right = mark.read_bytes()
    rot(mark)
    place.remove(f"{NOTE}.json")
    assert repair(place.house, "--store", "cloud")[0] == 1
    assert f"{NOTE}.json" not in place.all()
    mark.write_bytes(right)
    assert repair(place.house, "--store", "cloud")[0] == 0
    assert place.all() == sound
    assert all_well(place.house)


def test_what_no_other_copy_has_is_taken_from_an_earlier_version_in_the_bucket(
    place: Mended,
) -> None:
    if not place.keeps_versions:
        pytest.skip("it keeps none")
    sound, known = place.all(), expected(place.house)
    keys = {path: key_of(path) for path in (SCAN, "bagit.txt", "../v1.json")}
    for path, key in keys.items():
        rot(place.house.path / "disk" / key)
        place.write_over(key, flipped(sound[key]))
        # A wrong one between it and what lies there now.
        place.write_over(key, b"worse")
        if path == "bagit.txt":
            place.remove(key)
    code, audited = run(place.house, "audit", "note")
    assert (code, len(audited["findings"])) == (1, 6)
    versions = {f["path"]: f["sound_version"] for f in audited["findings"] if f["store"] == "cloud"}
    [proposal] = [told for told in audited["repairs"] if "--store cloud" in told]
    # What the audit proposes, the incidents do: one of what was changed, one of what is missing.
    told = [remedy for remedy in remedies(place.house) if remedy["command"] in proposal]
    assert proposal.endswith("but earlier versions of the objects themselves are)")
    assert {version for one in told for version in one["sound_versions"]} == set(versions.values())
    assert all(one["good_copy"] is None for one in told)
    # Who names a store means that store.
    assert repair(place.house, "--store", "cloud", "--from", "disk")[0] == 1
    assert place.all()[keys[SCAN]] == b"worse"
    # Another copy has it from there, too, whichever of them comes first.
    code, report = repair(place.house, "--store", "disk")
    assert code == 0, report
    assert {file["from_version"] for file in report["copies"][0]["files"]} == {*versions.values()}
    assert place.all()[keys[SCAN]] == b"worse"
    code, report = repair(place.house, "--store", "cloud", "--plan")
    assert {file["from"] for file in report["copies"][0]["files"]} == {"disk"}
    rot(place.house.path / "disk" / keys[SCAN])
    code, report = repair(place.house)
    assert code == 0, report
    told = {file["path"]: file for file in report["copies"][0]["files"]}
    assert (told[SCAN]["from"], told[SCAN]["from_version"]) == ("cloud", versions[SCAN])
    assert place.all() == sound
    assert expected(place.house) == known
    assert all_well(place.house)


@pytest.fixture
def gateway(
    versitygw: Versitygw, make_house: Callable[[str], House]
) -> Callable[..., tuple[House, str]]:
    def make(*, lock: bool = False, versioning: bool = False) -> tuple[House, str]:
        versitygw.let_in("cloud")
        bucket = f"at-rest-{next(_numbers)}-{os.getpid()}"
        versitygw.make_bucket(bucket, versioning=versioning, lock=lock)
        house = make_house(
            f'{DISK}[stores.cloud]\nkind = "s3"\nbucket = "{bucket}"\n'
            f'endpoint = "{versitygw.endpoint}"\nregion = "us-east-1"\n'
            + ('lock = { mode = "governance", days = 3 }\n' if lock else "")
        )
        house.submission("note")
        assert house.run("ingest").returncode == 0
        return house, bucket

    return make


@pytest.mark.parametrize("how", [{}, {"versioning": True}, {"lock": True}], ids=str)
def test_bits_that_rot_at_rest_are_mended_though_the_bucket_says_all_is_well(
    versitygw: Versitygw, gateway: Callable[..., tuple[House, str]], how: dict[str, bool]
) -> None:
    house, bucket = gateway(**how)
    key = f"{NOTE}/{SCAN}"
    bad = rot(versitygw.path(bucket, key))
    code, report = repair(house, "--store", "cloud")
    assert code == 0, report
    # One that hands out what it reads, though the server tells another digest.
    client = boto3.client(
        "s3",
        endpoint_url=versitygw.endpoint,
        region_name="us-east-1",
        aws_access_key_id=versitygw.access_key,
        aws_secret_access_key=versitygw.secret_key,
        config=Config(response_checksum_validation="when_required"),
    )
    place = InBucket(house, client, bucket)
    assert place.all()[key] == (house.path / "disk" / key).read_bytes()
    assert place.kept(report["copies"][0]["files"][0], key) == bad
    assert all_well(house)


def test_a_bucket_that_does_not_tell_its_earlier_versions_is_no_reason_to_give_up(
    versitygw: Versitygw, gateway: Callable[..., tuple[House, str]]
) -> None:
    house, bucket = gateway(versioning=True)
    key = f"{NOTE}/{SCAN}"
    rot(house.path / "disk" / key)
    versitygw.client().put_object(Bucket=bucket, Key=key, Body=b"rotten")
    config = house.config.read_text()
    with fault_proxy(versitygw.endpoint) as proxy:
        house.config.write_text(
            config.replace(versitygw.endpoint, proxy.endpoint) + "attempts = 1\n"
        )
        proxy.inject(Fault.SLOW_DOWN, "GET", "?versions", times=99)
        code, report = repair(house, "--store", "cloud")
        assert (code, report["copies"][0]["state"]) == (3, "failed"), report
        proxy.calm()
        assert repair(house, "--store", "cloud")[0] == 0


def test_a_locked_object_is_not_removed_and_the_new_one_is_locked_as_well(
    versitygw: Versitygw, gateway: Callable[..., tuple[House, str]]
) -> None:
    house, bucket = gateway(lock=True)
    client, key = versitygw.client(), f"{NOTE}/{SCAN}"
    client.delete_object(Bucket=bucket, Key=key)
    client.put_object(Bucket=bucket, Key=f"{NOTE}/bagit.txt", Body=b"rotten")
    before = client.list_object_versions(Bucket=bucket, Prefix=NOTE)
    code, report = repair(house, "--store", "cloud")
    assert code == 0, report
    after = client.list_object_versions(Bucket=bucket, Prefix=NOTE)
    known = {(v["Key"], v["VersionId"]) for v in after["Versions"]}
    assert known > {(v["Key"], v["VersionId"]) for v in before["Versions"]}
    assert len(after["DeleteMarkers"]) == len(before["DeleteMarkers"]) == 1
    for name in (SCAN, "bagit.txt"):
        kept = client.get_object_retention(Bucket=bucket, Key=f"{NOTE}/{name}")["Retention"]
        assert kept["Mode"] == "GOVERNANCE"
