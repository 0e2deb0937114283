"""A provider's report of digests that it computed of objects at rest, row by row.

S3 Batch Operations, "Compute checksum": a ``manifest.json`` that names CSV files with their MD5,
whose rows are Bucket, Key, VersionId, TaskStatus, HTTPStatusCode, ErrorCode, ResultMessage. (The
schema in the manifest has the two codes the other way round; both orders are read.)
"""

import base64
import binascii
import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_plus

from wiazka.errors import ReportUnusable
from wiazka.evidence import Outcome, chunks

_FORMAT = "Report_CSV_20180820"
_MANIFEST_AT_MOST = 64 << 20
_COLUMNS = 7
_CODE = re.compile(r"errorCode\W+(\w+)")
_HOW_TO_GET = (
    "Download the job's folder as it is (aws s3 cp --recursive s3://BUCKET/PREFIX/job-ID/ DIR) and "
    "give its manifest.json."
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says of one object.

    ``keys``: what the key can be, however it was encoded. ``sha256`` (hex) where a digest of the
    whole object was computed; else ``outcome`` and ``note`` say what came of it instead.
    """

    place: str
    bucket: str
    keys: tuple[str, ...]
    version_id: str | None
    sha256: str | None
    etag: str | None
    outcome: Outcome
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """The files of a report, and when it was made (UTC); None where nothing says that."""

    files: tuple[Path, ...]
    made_at: datetime | None


def open_report(paths: Sequence[Path]) -> Report:
    """The report in these files: a manifest.json, its CSV files, or both.

    Each CSV that a manifest names is looked for among ``paths``, beside it and in ``results/``, and
    has to have the MD5 that is told there. Raises ReportUnusable.
    """
    manifests = [path for path in paths if path.suffix == ".json"]
    tables = [path for path in paths if path.suffix != ".json"]
    if not manifests:
        return Report(tuple(dict.fromkeys(tables)), None)
    found: dict[Path, None] = {}
    made: list[datetime] = []
    for path in manifests:
        manifest = _manifest(path)
        made.append(_made_at(path, manifest))
        for name, md5 in _results(path, manifest):
            table = _found(path, name, tables)
            _require_md5(table, md5)
            found[table] = None
    if stray := [path for path in tables if path not in found]:
        raise ReportUnusable(f"{stray[0]} is named by no manifest that was given.", _HOW_TO_GET)
    return Report(tuple(found), min(made))


def rows_of(report: Report) -> Iterator[Row]:
    """All rows of a report, one at a time. Raises ReportUnusable that names file and line."""
    for path in report.files:
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                reader = csv.reader(stream)
                for fields in reader:
                    if fields and [field.strip() for field in fields[:2]] != ["Bucket", "Key"]:
                        yield _row(f"{path.name}, line {reader.line_num}", fields)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ReportUnusable(f"{path} cannot be read: {error}.", _HOW_TO_GET) from error


def _row(place: str, fields: list[str]) -> Row:
    if len(fields) < _COLUMNS:
        raise ReportUnusable(
            f"{place}: {len(fields)} columns, where such a report has {_COLUMNS}.",
            _HOW_TO_GET,
        )
    bucket, key, version, status, one, other, *rest = fields
    # What tasks failed with stands there with quotes that no CSV has.
    message = ",".join(rest)
    code = next((text.strip() for text in (one, other) if text.strip().isdecimal()), "")
    sha256, etag, note = None, None, ""
    if status.strip().lower() == "succeeded":
        outcome = Outcome.UNKNOWN
        sha256, etag, note = _digest(message)
        if sha256:
            outcome = Outcome.OK
    else:
        told = _CODE.search(message)
        outcome = _failed(told[1] if told else code, f"{one} {other}")
        note = f"the task failed: {' '.join(message.split())[:200] or one or other}"
    return Row(
        place, bucket, keys_of(key), None if version in ("", "null") else version, sha256, etag,
        outcome, note,
    )  # fmt: skip


def keys_of(told: str) -> tuple[str, ...]:
    """What a key can be that is told so: encoded with + or %20 for a blank, or not at all."""
    found = {told: None}
    for decode in (unquote_plus, unquote):
        try:
            found[decode(told, errors="strict")] = None
        except UnicodeDecodeError:
            continue
    return tuple(found)


def _digest(message: str) -> tuple[str | None, str | None, str]:
    """The SHA-256 of the whole object that a message tells, and its etag; else why it has none."""
    try:
        told = json.loads(message)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, Mapping):
        return None, None, "what it says cannot be understood"
    algorithm, kind = told.get("checksumAlgorithm"), told.get("checksumType")
    etag = told.get("etag")
    etag = etag.strip('"') if isinstance(etag, str) else None
    if algorithm != "SHA256":
        return None, etag, f"{str(algorithm)[:40]} was computed, which says nothing of a SHA-256"
    if kind != "FULL_OBJECT":
        return None, etag, f"a {str(kind)[:40]} digest is not one of the whole object"
    try:
        digest = base64.b64decode(str(told.get("checksum_base64")), validate=True).hex()
    except (binascii.Error, ValueError):
        return None, etag, "its digest is no base64"
    also = told.get("checksum_hex", digest)
    if len(digest) != hashlib.sha256().digest_size * 2 or str(also).lower() != digest:
        return None, etag, "its digest is no SHA-256, or its two forms differ"
    return digest, etag, ""


def _failed(code: str, codes: str) -> Outcome:
    if code in ("403", "401") or "AccessDenied" in codes:
        return Outcome.DENIED
    if code == "404":
        return Outcome.MISSING
    if code in ("429", "503"):
        return Outcome.THROTTLED
    # Of what the operation cannot do at all (SSE-C) nothing is known.
    return Outcome.UNREADABLE if code.startswith("5") else Outcome.UNKNOWN


def _manifest(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_size > _MANIFEST_AT_MOST:
            raise ReportUnusable(f"{path} is too large to be a report's manifest.", _HOW_TO_GET)
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ReportUnusable(f"{path} cannot be read: {error}.", _HOW_TO_GET) from error
    if not isinstance(told, dict) or told.get("Format") != _FORMAT:
        raise ReportUnusable(f"{path} is no manifest of a report ({_FORMAT}).", _HOW_TO_GET)
    return told


def _made_at(path: Path, manifest: Mapping[str, object]) -> datetime:
    try:
        at = datetime.fromisoformat(str(manifest.get("ReportCreationDate")))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at > datetime.now(UTC):
        raise ReportUnusable(
            f"{path} does not say when it was made: ReportCreationDate is "
            f"{manifest.get('ReportCreationDate')!r}.",
            "A right one looks like 2026-11-05T17:48:39.725Z, and is past.",
        )
    return at.astimezone(UTC)


def _results(path: Path, manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The name and MD5 of each CSV file that a manifest names."""
    results = manifest.get("Results")
    for one in results if isinstance(results, list) else [None]:
        key, md5 = (one.get("Key"), one.get("MD5Checksum")) if isinstance(one, dict) else ("", "")
        # The last part alone: a key is no path on this machine.
        name = PurePosixPath(str(key)).name
        if not name or name == ".." or "\0" in name or not md5:
            raise ReportUnusable(f"{path} names a result without a key or MD5.", _HOW_TO_GET)
        yield name, str(md5)


def _found(manifest: Path, name: str, tables: Sequence[Path]) -> Path:
    given = [path for path in tables if path.name == name]
    for path in (*given, manifest.parent / name, manifest.parent / "results" / name):
        if path.is_file():
            return path
    raise ReportUnusable(
        f"{manifest} names {name}, which is neither beside it nor in results/.", _HOW_TO_GET
    )


def _require_md5(path: Path, md5: str) -> None:
    hasher = hashlib.md5(usedforsecurity=False)
    try:
        with path.open("rb") as stream:
            for piece in chunks(stream):
                hasher.update(piece)
    except OSError as error:
        raise ReportUnusable(f"{path} cannot be read: {error.strerror}.", _HOW_TO_GET) from error
    if md5.lower() not in (hasher.hexdigest(), base64.b64encode(hasher.digest()).decode().lower()):
        raise ReportUnusable(
            f"{path} is not what its manifest names: MD5 {hasher.hexdigest()}, not {md5}.",
            f"It was changed, or not downloaded whole. {_HOW_TO_GET}",
        )
