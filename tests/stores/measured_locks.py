"""What a server lets nobody do: remove, overwrite for good, come in with a wrong secret."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.services.running import User
from tests.stores.bench import BODY, Bench, in_parts, refusals


def keeps_versions(bench: Bench) -> bool:
    with refusals() as refused:
        bucket = bench.new_bucket(versioning=True)
        for body in (b"first", b"second"):
            bench.client.put_object(Bucket=bucket, Key="a", Body=body)
        versions = bench.client.list_object_versions(Bucket=bucket).get("Versions", [])
        bodies = {
            bench.client.get_object(Bucket=bucket, Key="a", VersionId=version["VersionId"])[
                "Body"
            ].read()
            for version in versions
        }
    return not refused and bodies == {b"first", b"second"}


def locks(bench: Bench) -> bool:
    """Not even its owner can delete a version before its time."""
    return _holds_against_deletion(bench, _retention())


def holds(bench: Bench) -> bool:
    """A legal hold, which has no end until somebody lifts it."""
    return _holds_against_deletion(bench, {"ObjectLockLegalHoldStatus": "ON"})


def locks_what_comes_in_parts(bench: Bench) -> bool:
    return _holds_against_deletion(bench, _retention(), parts=True)


def _retention() -> dict[str, object]:
    until = datetime.now(UTC) + timedelta(days=1)
    return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}


def _holds_against_deletion(bench: Bench, lock: dict[str, object], *, parts: bool = False) -> bool:
    with refusals() as refused:
        bucket = bench.new_bucket(lock=True)
        if parts:
            in_parts(bench, "a", bucket, **lock)
        else:
            # Parts aside, S3 wants a checksum with a lock.
            bench.client.put_object(
                Bucket=bucket, Key="a", Body=BODY, ChecksumAlgorithm="SHA256", **lock
            )
    return not refused and _cannot_be_deleted(bench, bucket)


def _cannot_be_deleted(bench: Bench, bucket: str) -> bool:
    version = bench.client.head_object(Bucket=bucket, Key="a").get("VersionId", "null")
    with refusals() as refused:
        bench.client.delete_object(Bucket=bucket, Key="a", VersionId=version)
    return bool(refused) and bench.holds("a", bucket)


def refuses_a_wrong_secret(bench: Bench) -> bool:
    stranger = bench.service.client(secret_key="not-the-secret")
    with refusals() as refused:
        stranger.list_objects_v2(Bucket=bench.bucket)
    return bool(refused)


def limits_a_user(bench: Bench) -> bool:
    """Who may only read cannot write or delete."""
    try:
        user = bench.service.make_user(f"reader-{uuid4().hex[:8]}")
    except NotImplementedError:
        return False
    bench.client.put_object(Bucket=bench.bucket, Key="read", Body=BODY)
    bench.service.allow(bench.bucket, _may_read(user, bench.bucket))
    theirs = bench.service.client(user.access_key, user.secret_key)
    body = theirs.get_object(Bucket=bench.bucket, Key="read")["Body"].read()
    with refusals() as no_put:
        theirs.put_object(Bucket=bench.bucket, Key="written", Body=BODY)
    with refusals() as no_delete:
        theirs.delete_object(Bucket=bench.bucket, Key="read")
    return body == BODY and bool(no_put) and bool(no_delete) and bench.holds("read")


def _may_read(user: User, bucket: str) -> dict[str, object]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": [user.principal]},
        "Action": ["s3:GetObject"],
        "Resource": [f"arn:aws:s3:::{bucket}/*"],
    }


def survives_a_kill(bench: Bench) -> bool:
    """What was answered with 200 is there after ``kill -9`` of the server (not: a power cut)."""
    bench.client.put_object(Bucket=bench.bucket, Key="survivor", Body=BODY)
    bench.service.kill()
    bench.service.start()
    with refusals() as refused:
        body = bench.client.get_object(Bucket=bench.bucket, Key="survivor")["Body"].read()
    return not refused and body == BODY


def locks_afterwards(bench: Bench) -> bool:
    """An object that is there already."""
    with refusals() as refused:
        bucket = bench.new_bucket(lock=True)
        bench.client.put_object(Bucket=bucket, Key="a", Body=BODY)
        until = datetime.now(UTC) + timedelta(days=1)
        bench.client.put_object_retention(
            Bucket=bucket,
            Key="a",
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
            # S3 wants a checksum of every request about locks.
            ChecksumAlgorithm="SHA256",
        )
    return not refused and _cannot_be_deleted(bench, bucket)
