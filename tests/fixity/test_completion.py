"""A provider's report of digests at rest: what it proves of copies, and all that it does not."""

import base64
import csv
import hashlib
import io
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import House
from tests.services.openstack import Swift
from tests.services.running import Service
from tests.services.versitygw import Versitygw
from wiazka.catalogue.catalogue import Catalogue
from wiazka.catalogue.fixity_model import CopyCheck, Finding
from wiazka.cli.main import wiazka
from wiazka.errors import ReportUnusable, WiazkaError
from wiazka.evidence import Grade, Outcome
from wiazka.fixity.completion import Report, open_report, rows_of
from wiazka.settings import load

ODD = "list z Łodzi +1 100%.txt"
PREFIX = "zimne"


def message(data: bytes, algorithm: str = "SHA256", kind: str = "FULL_OBJECT") -> str:
    """What S3 Batch Operations says of an object, as it writes it."""
    digest = hashlib.sha256(data).digest()
    told = json.dumps(
        {
            "checksum_base64": base64.b64encode(digest).decode(),
            "etag": hashlib.md5(data).hexdigest(),  # noqa: S324
            "checksumAlgorithm": algorithm,
            "checksumType": kind,
            "checksum_hex": digest.hex().upper(),
        },
        separators=(",", ":"),
    )
    return told.replace("=", "\\u003d")


def succeeded(bucket: str, key: str, data: bytes, version: str = "") -> list[str]:
    return [bucket, quote_plus(key, safe="/"), version, "succeeded", "200", "", message(data)]


def failed(bucket: str, key: str, code: str) -> list[str]:
    """As Amazon's documentation shows it, with quotes that are no CSV's."""
    return [bucket, quote_plus(key, safe="/"), "", "failed", "200", "PermanentFailure",
            '"error details: {""failureMessage"":"Task 2845ca0d Key, or not", ""errorCode"": ""'
            f'{code}""}}"']  # fmt: skip


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    for row in rows:
        if row[3] == "failed":
            out.write(",".join(row) + "\n")
        else:
            csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue().encode()


@dataclass
class Job:
    """A finished job over a bucket: the rows of its report, and when it was."""

    bucket: str
    created: datetime
    rows: dict[str, list[str]] = field(default_factory=dict)

    def report(self, folder: Path, made: datetime | None = None) -> Path:
        """Written as S3 does, to ``job-ID/manifest.json`` and ``job-ID/results/``."""
        data = as_csv(list(self.rows.values()))
        folder = folder / "job-1f2e"
        (folder / "results").mkdir(parents=True, exist_ok=True)
        name = hashlib.sha1(data).hexdigest() + ".csv"  # noqa: S324
        (folder / "results" / name).write_bytes(data)
        manifest = {
            "Format": "Report_CSV_20180820",
            "ReportCreationDate": f"{made or self.created:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "Results": [
                {
                    "TaskExecutionStatus": "succeeded",
                    "Bucket": "reports",
                    "MD5Checksum": hashlib.md5(data).hexdigest(),  # noqa: S324
                    "Key": f"batch/job-1f2e/results/{name}",
                }
            ],
            "ReportSchema": "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, "
            "ResultMessage",
        }
        path = folder / "manifest.json"
        path.write_text(json.dumps(manifest), "utf-8")
        return path


def run(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(
        wiazka, [*arguments, "--json", "--config", str(house.config)], standalone_mode=False
    )
    if isinstance(done.exception, WiazkaError):
        return done.exception.exit_code, {"error": done.exception}
    assert done.exception is None, done.exception
    return done.return_value or 0, json.loads(done.output)


def job_over(service: Service, bucket: str) -> Job:
    """A job over all that is in a bucket, begun when that was old enough to be sure of it."""
    client = service.client()
    found = client.list_objects_v2(Bucket=bucket)["Contents"]
    created = max(one["LastModified"] for one in found) + timedelta(seconds=2)
    while datetime.now(UTC) <= created:
        time.sleep(0.1)
    job = Job(bucket, created)
    for one in found:
        data = client.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()
        job.rows[one["Key"]] = succeeded(bucket, one["Key"], data)
    return job


def filled(house: House) -> House:
    folder = house.submission("note")
    (folder / "documents").mkdir()
    (folder / "documents" / ODD).write_text("Zażółć", "utf-8")
    house.submission("other")
    code, told = run(house, "ingest", str(house.inbox / "delivery"))
    assert code == 0, told
    return house


def config(service: Service, bucket: str) -> str:
    return (
        f'[stores.cold]\nkind = "s3"\nbucket = "{bucket}"\nprefix = "{PREFIX}"\n'
        f'endpoint = "{service.endpoint}"\nregion = "us-east-1"\n'
        '[stores.disk]\nkind = "directory"\npath = "disk"\n'
    )


@dataclass
class Cold:
    house: House
    service: Service
    job: Job

    def imported(self, tmp_path: Path, *more: str, made: datetime | None = None) -> Any:
        created = f"{self.job.created:%Y-%m-%dT%H:%M:%S}"
        return run(
            self.house, "audit", "--grade", "recomputed", "--store", "cold", "--report",
            str(self.job.report(tmp_path, made)), *(more or ("--job-created", created)),
        )  # fmt: skip

    def key(self, end: str, identity: str = "main/note") -> str:
        [found] = [key for key in self.job.rows if identity in key and key.endswith(end)]
        return found

    def tell(self, end: str, change: Callable[[list[str]], list[str]]) -> None:
        key = self.key(end)
        self.job.rows[key] = change(self.job.rows[key])


@pytest.fixture(scope="module")
def swift_house(swift: Swift, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Job]:
    house = House(tmp_path_factory.mktemp("house"))
    house.inbox.mkdir()
    bucket = f"cold-{time.time_ns():x}"
    swift.make_bucket(bucket)
    swift.let_in("cold")
    house.config.write_text(config(swift, bucket), "utf-8")
    filled(house)
    return house, job_over(swift, bucket)


@pytest.fixture
def cold(swift: Swift, swift_house: tuple[House, Job], tmp_path: Path) -> Cold:
    """The house as it was after its ingest, whatever was imported since."""
    house, job = swift_house
    shutil.copytree(house.path, tmp_path / "house")
    # Of the tests before: this house would be an older backup beside it.
    client = swift.client()
    inside = f"{PREFIX}/ledger/"
    for kept in client.list_objects_v2(Bucket=job.bucket, Prefix=inside).get("Contents", []):
        client.delete_object(Bucket=job.bucket, Key=kept["Key"])
    return Cold(House(tmp_path / "house"), swift, Job(job.bucket, job.created, dict(job.rows)))


def grades(cold: Cold, identity: str) -> dict[str, tuple[str, str]]:
    shown = run(cold.house, "show", identity)[1]
    return {c["store"]: (c["grade"], c["proved_at"]) for c in shown["versions"][0]["copies"]}


def test_a_report_in_which_every_file_is_right_proves_the_copies_when_its_job_began(
    cold: Cold, tmp_path: Path
) -> None:
    began = cold.job.created
    while datetime.now(UTC) <= began + timedelta(seconds=2):
        time.sleep(0.1)
    code, told = cold.imported(tmp_path, made=began + timedelta(seconds=2))
    assert (code, told["proved"], told["findings"], told["not_covered"]) == (0, 2, [], {})
    assert (told["unknown"], told["elsewhere"]) == (0, 0)
    grade, at = grades(cold, "note")["cold"]
    assert grade == "recomputed"
    assert datetime.fromisoformat(at) == began.replace(microsecond=0)


def test_a_digest_that_differs_is_changed_with_what_was_expected(
    cold: Cold, tmp_path: Path
) -> None:
    cold.tell("0001r.tif", lambda row: [*row[:6], message(b"rotten").replace("etag", "tag")])
    code, told = cold.imported(tmp_path)
    assert (code, told["proved"], told["damaged"]) == (1, 1, 1)
    [finding] = told["findings"]
    assert (finding["outcome"], finding["path"]) == ("changed", "data/objects/scans/0001r.tif")
    assert finding["observed"] == hashlib.sha256(b"rotten").hexdigest()
    scan = cold.house.inbox / "delivery/note/scans/0001r.tif"
    assert finding["expected"] == hashlib.sha256(scan.read_bytes()).hexdigest()
    assert told["incidents"]["opened"] == [1]


def test_a_file_that_is_not_in_the_report_is_no_damage_and_no_proof(
    cold: Cold, tmp_path: Path
) -> None:
    del cold.job.rows[cold.key("bagit.txt")]
    code, told = cold.imported(tmp_path)
    assert (code, told["proved"], told["not_covered"]) == (0, 1, {"not in the report": 1})
    assert told["first_not_covered"] == ["main/note v1 bagit.txt: not in the report"]
    assert grades(cold, "note")["cold"][0] != "recomputed"


@pytest.mark.parametrize("mark", ["v1.json"])
def test_the_storage_manifest_counts_too(cold: Cold, tmp_path: Path, mark: str) -> None:
    del cold.job.rows[cold.key(mark)]
    assert cold.imported(tmp_path)[1]["proved"] == 1


def test_an_object_that_the_catalogue_does_not_know_is_told_apart(
    cold: Cold, tmp_path: Path
) -> None:
    key = f"{PREFIX}/packages/main/obca/v1/a+b ć.txt"
    cold.job.rows[key] = succeeded(cold.job.bucket, key, b"x")
    cold.job.rows["else"] = succeeded(cold.job.bucket, "inne/plik", b"x")
    cold.job.rows["other"] = succeeded("another-bucket", f"{PREFIX}/packages/x", b"x")
    code, told = cold.imported(tmp_path)
    assert (code, told["proved"], told["unknown"], told["elsewhere"]) == (1, 2, 1, 2)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("403", "denied"), ("500", "unreadable"), ("503", "throttled")],
)
def test_a_task_that_failed_says_how(cold: Cold, tmp_path: Path, code: str, outcome: str) -> None:
    key = cold.key("0001r.tif")
    cold.job.rows[key] = failed(cold.job.bucket, key, code)
    told = cold.imported(tmp_path)[1]
    assert [(f["outcome"], f["path"]) for f in told["findings"]] == [
        (outcome, "data/objects/scans/0001r.tif")
    ]


@pytest.mark.parametrize("code", ["400", "404"])
def test_a_task_that_could_not_be_done_is_no_damage(cold: Cold, tmp_path: Path, code: str) -> None:
    key = cold.key("0001r.tif")
    cold.job.rows[key] = failed(cold.job.bucket, key, code)
    told = cold.imported(tmp_path)[1]
    assert (told["proved"], told["findings"]) == (1, [])
    assert "the task failed" in told["first_not_covered"][0]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (message(b"x", "CRC64NVME"), "CRC64NVME was computed, which says nothing of a SHA-256"),
        (message(b"x", kind="COMPOSITE"), "a COMPOSITE digest is not one of the whole object"),
        ("{" * 5000, "what it says cannot be understood"),
        (message(b"x").replace('checksum_hex":"', 'checksum_hex":"00'), "its digest is no SHA"),
    ],
    ids=["another algorithm", "composite", "no JSON", "two digests"],
)
def test_what_is_no_digest_of_the_whole_proves_nothing(
    cold: Cold, tmp_path: Path, told: str, why: str
) -> None:
    cold.tell("0001r.tif", lambda row: [*row[:6], told.replace("etag", "tag")])
    answer = cold.imported(tmp_path)[1]
    assert (answer["proved"], answer["findings"]) == (1, [])
    assert why in answer["first_not_covered"][0]


def test_a_copy_is_not_proved_by_evidence_from_before_it_was_there(
    cold: Cold, tmp_path: Path
) -> None:
    before = f"{cold.job.created - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
    told = cold.imported(tmp_path, "--job-created", before)[1]
    assert (told["proved"], sum(told["not_covered"].values())) == (0, 2)


def test_without_the_jobs_time_a_report_is_refused(cold: Cold, tmp_path: Path) -> None:
    before = grades(cold, "note")
    code, told = cold.imported(tmp_path, "--json")
    assert (code, told["error"].code) == (2, "usage")
    assert "--job-created 2026" in told["error"].hint
    assert grades(cold, "note") == before


def test_what_was_mended_or_moved_since_the_job_began_is_not_proved(
    cold: Cold, tmp_path: Path
) -> None:
    with Catalogue.open(load(cold.house.config).catalogue_url) as catalogue:
        copy = catalogue.audits.copy("main/note", 1, "cold")
        assert copy is not None
        catalogue.replicas.repaired(copy, "Mended.", {})
    told = cold.imported(tmp_path)[1]
    why = "stored, mended or moved after the job began, or may have been"
    assert (told["proved"], told["not_covered"]) == (1, {why: 1})
    assert grades(cold, "note")["cold"][0] is None


def test_damage_that_was_seen_since_is_not_cleared(cold: Cold, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    copy = ("main/note", 1)
    found = Finding(Outcome.CHANGED, "cold", *copy, "bagit.txt", Grade.STORED_DIGEST, "good", "bad")
    seen = CopyCheck(*copy, "cold", Grade.STORED_DIGEST, Outcome.CHANGED, 9, 9, now, now, (found,))
    with Catalogue.open(load(cold.house.config).catalogue_url) as catalogue:
        number = catalogue.audits.begin(Grade.STORED_DIGEST, now)
        catalogue.audits.record(number, seen, "Audited.")
    told = cold.imported(tmp_path)[1]
    assert told["not_covered"] == {"found wrong since the job began": 1}
    assert run(cold.house, "incident", "list")[0] == 1


def test_an_object_told_twice_and_differently_proves_nothing(cold: Cold, tmp_path: Path) -> None:
    key = cold.key("0001r.tif")
    cold.job.rows["again"] = succeeded(cold.job.bucket, key, b"other")
    told = cold.imported(tmp_path)[1]
    assert told["not_covered"] == {"in the report twice, and differently": 1}


def test_a_report_that_was_changed_is_refused(cold: Cold, tmp_path: Path) -> None:
    manifest = cold.job.report(tmp_path)
    [table] = (manifest.parent / "results").iterdir()
    table.write_bytes(table.read_bytes() + b"\n")
    code, told = run(
        cold.house, "audit", "--grade", "recomputed", "--store", "cold", "--report", str(manifest),
        "--job-created", f"{cold.job.created:%Y-%m-%dT%H:%M:%S}",
    )  # fmt: skip
    assert (code, told["error"].code) == (2, "report-unusable")


def test_a_report_of_another_bucket_is_refused(cold: Cold, tmp_path: Path) -> None:
    cold.job.rows = {"k": succeeded("another", "k", b"x")}
    code, told = cold.imported(tmp_path)
    assert (code, told["error"].code) == (2, "report-unusable")


@pytest.mark.parametrize(
    "arguments",
    [("--store", "disk"), (), ("--store", "nowhere")],
    ids=["a disk", "none", "unknown"],
)
def test_only_a_bucket_has_such_reports(
    cold: Cold, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    report = str(cold.job.report(tmp_path))
    grade = ("audit", "--grade", "recomputed", "--report", report)
    assert run(cold.house, *grade, *arguments)[0] == 2
    assert run(cold.house, "audit", "--grade", "recomputed")[0] == 2
    assert run(cold.house, "audit", "--report", report)[0] == 2


def test_only_the_version_that_a_reader_gets_is_proved(
    versitygw: Versitygw, make_house: Callable[[str], House], tmp_path: Path
) -> None:
    bucket = f"versions-{time.time_ns():x}"
    versitygw.make_bucket(bucket, versioning=True)
    versitygw.let_in("cold")
    house = filled(make_house(config(versitygw, bucket)))
    cold = Cold(house, versitygw, job_over(versitygw, bucket))
    client = versitygw.client()
    for key, row in cold.job.rows.items():
        row[2] = client.head_object(Bucket=bucket, Key=key)["VersionId"]
    assert cold.imported(tmp_path)[1]["proved"] == 2
    cold.tell("0001r.tif", lambda row: [*row[:2], "01BX5ZZKBKACTAV9WEVGEMMVRZ", *row[3:]])
    told = cold.imported(tmp_path)[1]
    assert told["not_covered"] == {"only an object that was replaced is in the report": 1}


# The rows themselves


def rows(data: bytes, folder: Path) -> list[Any]:
    path = folder / "rows.csv"
    path.write_bytes(data)
    return list(rows_of(Report((path,), None)))


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@pytest.mark.parametrize("encode", [quote, quote_plus, lambda key: quote_plus(key, safe="/")])
@given(keys=st.lists(KEYS | st.sampled_from([ODD, "a+b", "a b", "a%2Bb", 'a"b\nc', "ł/ó"])))
def test_any_key_comes_back_however_it_was_encoded(
    tmp_path_factory: pytest.TempPathFactory, encode: Callable[[str], str], keys: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    data = as_csv([["b", encode(key), "", "succeeded", "200", "", message(b"x")] for key in keys])
    found = rows(data, folder)
    assert len(found) == len(keys)
    for row, key in zip(found, keys, strict=True):
        assert key in row.keys
        assert row.sha256 == hashlib.sha256(b"x").hexdigest()


@given(
    data=st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_no_bytes_are_more_than_an_unusable_report(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    try:
        found = rows(data, tmp_path_factory.getbasetemp())
    except ReportUnusable:
        return
    assert all(row.outcome is not Outcome.OK for row in found)


def test_amazons_own_examples_are_read(tmp_path: Path) -> None:
    data = (
        b'amzn-s3-demo-bucket1,s3-standard-1mb-test-object,,succeeded,200,,"{""checksum_base64"":'
        b'""bS9TOQ\\u003d\\u003d"",""etag"":""3c3c1813042989094598e4b57ecbdc82"",'
        b'""checksumAlgorithm"":""CRC32"",""checksumType"":""FULL_OBJECT"",'
        b'""checksum_hex"":""6D2F5339""}"\n'
        b'amzn-s3-demo-bucket1,image_14975,,failed,200,PermanentFailure,"error details: '
        b'{""failureMessage"":"Task 2845ca0d-38d9-4c4b-abcf-379dc749c452 SSE-C encryption type is '
        b'not supported for this operation", ""errorCode"": ""400""}"\n'
        b'amzn-s3-demo-bucket1,image_14975,,failed,200,PermanentFailure,"error details: '
        b'{""failureMessage"":"Task 2845ca0d-38d9-4c4b-abcf-379dc749c452 Key not found", '
        b'""errorCode"": ""404""}"\n'
    )
    crc, unsupported, missing = rows(data, tmp_path)
    assert (crc.sha256, crc.outcome) == (None, Outcome.UNKNOWN)
    assert unsupported.outcome is Outcome.UNKNOWN
    assert missing.outcome is Outcome.MISSING


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "a/..", "", "x\0y"])
def test_a_manifest_leads_to_no_file_outside_of_its_folder(tmp_path: Path, key: str) -> None:
    path = tmp_path / "manifest.json"
    made = "2026-01-05T17:48:39.725Z"
    results = [{"Key": key, "MD5Checksum": "0" * 32}]
    told = {"Format": "Report_CSV_20180820", "ReportCreationDate": made, "Results": results}
    path.write_text(json.dumps(told), "utf-8")
    with pytest.raises(ReportUnusable):
        open_report([path])


@pytest.mark.parametrize(
    "told", ["[]", "{", "{}", '{"Format":"Report_CSV_20180820"}', "[" * 100_000]
)
def test_what_is_no_manifest_is_a_clear_error(tmp_path: Path, told: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(told, "utf-8")
    with pytest.raises(ReportUnusable):
        open_report([path])
