"""The limit: the same bytes hashed, then sent by the barest client, and nothing proved or kept.

Every request is signed before the clock runs.
"""

import hashlib
import hmac
import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

REGION = "us-east-1"
SMALL = 1 << 20
CORES = len(os.sched_getaffinity(0))
# More wait for the same cores; fewer leave the server idle while one reads its file.
CONNECTIONS = 4


def digest_of(path: Path) -> str:
    with path.open("rb", buffering=0) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def signed(host: str, target: str, digest: str, keys: tuple[str, str]) -> dict[str, str]:
    """The headers of a PUT of bytes with that SHA-256 (Signature V4)."""
    now = datetime.now(UTC)
    stamp, day = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}"
    headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": stamp}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"PUT\n{target}\n\n{lines}\n{names}\n{digest}"
    scope = f"{day}/{REGION}/s3/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    key = b"AWS4" + keys[1].encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}"
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return headers | {
        "authorization": f"AWS4-HMAC-SHA256 Credential={keys[0]}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    }


def send(host: str, work: Iterator[tuple[Path, str, dict[str, str]]], lock: threading.Lock) -> None:
    """PUT one file after another on one connection."""
    connection = http.client.HTTPConnection(host)
    while True:
        with lock:
            item = next(work, None)
        if item is None:
            return
        path, target, headers = item
        size = path.stat().st_size
        connection.putrequest("PUT", target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("content-length", str(size))
        with path.open("rb", buffering=0) as stream:
            if size <= SMALL:
                connection.endheaders(stream.read())
            else:
                connection.endheaders()
                connection.sock.sendfile(stream)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 200, said


def hash_all(paths: Sequence[Path], pool: ThreadPoolExecutor) -> list[str]:
    """Their digests; not one future a file, which is a good part of what a small file costs."""
    size = max(1, len(paths) // (20 * CORES))
    groups = [paths[at : at + size] for at in range(0, len(paths), size)]
    return [one for group in pool.map(lambda g: [*map(digest_of, g)], groups) for one in group]


def run(corpus: Path, endpoint: str, bucket: str, keys: tuple[str, str]) -> dict[str, object]:
    """Hash and send a corpus; what it cost, without the signing."""
    host = urlsplit(endpoint).netloc
    paths = sorted(path for path in corpus.rglob("*") if path.is_file())
    targets = [quote(f"/{bucket}/limit/{path.relative_to(corpus)}") for path in paths]
    with ThreadPoolExecutor(CORES) as pool:
        signatures = [
            signed(host, target, digest, keys)
            for target, digest in zip(targets, hash_all(paths, pool), strict=True)
        ]
        work, lock = iter(zip(paths, targets, signatures, strict=True)), threading.Lock()
        began, cpu, read = time.perf_counter(), time.process_time(), bytes_read()
        hash_all(paths, pool)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda _: send(host, work, lock), range(CONNECTIONS)))
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "read": bytes_read() - read,
    }


def bytes_read() -> int:
    """What this process has read so far (``rchar``)."""
    return int(Path("/proc/self/io").read_text().split()[1])


if __name__ == "__main__":
    access, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2], sys.argv[3], (access, secret))))
