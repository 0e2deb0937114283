"""What a server does with what is put: does it look, remember, and keep to the first?"""

import base64
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from botocore.awsrequest import AWSPreparedRequest

from tests.stores.bench import BODY, CONNECTIONS, PARTS, WHOLE_CRC, Bench, in_parts, refusals
from tests.stores.kinds import MIB, SMALL_PARTS, open_on
from wiazka.evidence import Grade, sha256
from wiazka.stores.attest import attest
from wiazka.stores.base import Content
from wiazka.stores.s3 import Sizes

# The SHA-256 of nothing, as S3 writes it.
WRONG_SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
WRONG_CRC = PARTS[0][1]
_RACES = 40


def refuses_a_wrong_checksum(bench: Bench) -> bool:
    """The payload is signed as it is; only the checksum that is declared is another's."""
    with refusals() as refused:
        bench.client.put_object(
            Bucket=bench.bucket, Key="sum", Body=BODY, ChecksumSHA256=WRONG_SHA256
        )
    return bool(refused) and not bench.holds("sum")


def refuses_a_wrong_payload(bench: Bench) -> bool:
    """Nothing but the signature covers the body, which changes after it was signed."""

    def change(request: AWSPreparedRequest, **_: object) -> None:
        request.body = BODY.swapcase()

    bench.client.meta.events.register("before-send.s3.PutObject", change)
    try:
        with refusals() as refused:
            bench.client.put_object(Bucket=bench.bucket, Key="payload", Body=BODY)
    finally:
        bench.client.meta.events.unregister("before-send.s3.PutObject", change)
    return bool(refused) and not bench.holds("payload")


def returns_the_digest(bench: Bench) -> bool:
    declared = base64.b64encode(bytes.fromhex(sha256(BODY))).decode()
    bench.client.put_object(Bucket=bench.bucket, Key="told", Body=BODY, ChecksumSHA256=declared)
    answer = bench.client.head_object(Bucket=bench.bucket, Key="told", ChecksumMode="ENABLED")
    return answer.get("ChecksumSHA256") == declared


def checks_the_whole_of_parts(bench: Bench) -> bool:
    """A full-object CRC64NVME is refused when wrong, kept when right, and told."""
    with refusals() as wrong_refused:
        in_parts(bench, "wrong-crc", bench.bucket, WRONG_CRC)
    if not wrong_refused or bench.holds("wrong-crc"):
        return False
    with refusals() as refused:
        in_parts(bench, "crc", bench.bucket, WHOLE_CRC)
        answer = bench.client.head_object(Bucket=bench.bucket, Key="crc", ChecksumMode="ENABLED")
    return not refused and answer.get("ChecksumCRC64NVME") == WHOLE_CRC


def refuses_a_second_put(bench: Bench) -> bool:
    """Of several at once to a free key, one wins: every time."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for race in range(_RACES):
            together = threading.Barrier(CONNECTIONS)

            def put(
                racer: int, key: str = f"race/{race}", start: threading.Barrier = together
            ) -> bool:
                start.wait()
                with refusals() as refused:
                    bench.client.put_object(
                        Bucket=bench.bucket, Key=key, Body=b"%d" % racer, IfNoneMatch="*"
                    )
                return not refused

            if sum(pool.map(put, range(CONNECTIONS))) != 1:
                return False
    return True


def refuses_a_taken_key(bench: Bench) -> bool:
    """One after the other, which is less than ``refuses_a_second_put``."""
    bench.client.put_object(Bucket=bench.bucket, Key="taken", Body=BODY)
    with refusals() as refused:
        bench.client.put_object(Bucket=bench.bucket, Key="taken", Body=b"", IfNoneMatch="*")
    return bool(refused)


def refuses_parts_to_a_taken_key(bench: Bench) -> bool:
    bench.client.put_object(Bucket=bench.bucket, Key="parts", Body=BODY)
    with refusals() as refused:
        in_parts(bench, "parts", bench.bucket, IfNoneMatch="*")
    kept = bench.client.get_object(Bucket=bench.bucket, Key="parts")["Body"].read()
    return bool(refused) and kept == BODY


def keeps_a_key_beside_those_below_it(bench: Bench) -> bool:
    with refusals() as refused:
        for key in ("leaf", "leaf/recto"):
            bench.client.put_object(Bucket=bench.bucket, Key=key, Body=BODY)
    return not refused and bench.holds("leaf") and bench.holds("leaf/recto")


def grade(bench: Bench) -> Grade:
    """How a copy that wiazka has just put is proved."""
    return _grade(bench, len(BODY), None)


def grade_of_parts(bench: Bench) -> Grade:
    return _grade(bench, 6 * MIB + 1, SMALL_PARTS)


def _grade(bench: Bench, size: int, sizes: Sizes | None) -> Grade:
    store = open_on(bench.service, bench.bucket, sizes)
    data = os.urandom(size)
    key = uuid4().hex
    store.put(key, Content(data, size, sha256(data)))
    return attest(store, key, size, sha256(data))
