"""The requests that are made once a file, at a fifth of what boto3's client costs for each.

Where to, with which credentials, certificates and proxies, how long to wait before trying again and
what a refusal says is still botocore's to tell. Only its layers are not gone through every time.
"""

import io
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import quote, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, HTTPClientError, NoCredentialsError
from botocore.httpsession import ProxyConfiguration, get_cert_path
from botocore.parsers import create_parser
from botocore.retries.standard import (
    ExponentialBackoff,
    RetryContext,
    RetryEventAdapter,
    ThrottlingErrorDetector,
)
from botocore.utils import get_environ_proxies
from urllib3 import BaseHTTPResponse, HTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import HTTPError

from wiazka.errors import StoreUnavailable
from wiazka.stores.s3_answers import code_of, kind_of, status_of
from wiazka.stores.s3_signing import NOTHING, Request, signed

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.credentials import Credentials
    from mypy_boto3_s3 import S3Client

# No more than the most workers that can be configured.
CONNECTIONS = 64
Method = Literal["GET", "HEAD", "PUT"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for an object; ``payload`` is the hex SHA-256 of ``body``."""

    method: Method
    key: str
    headers: Mapping[str, str]
    query: str = ""
    body: bytes | Iterable[bytes] | None = None
    payload: str = NOTHING


class Wire:
    """GET, HEAD and PUT of the objects of one bucket.

    Every method raises ClientError for an answer of 300 or more, with the number of tries before it
    in its ``RetryAttempts``, and BotoCoreErrors where there is none. May be used by many threads.
    """

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        credentials: "Credentials | None",
        *,
        certificates: str | None,
        timeout: float,
        attempts: int,
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._credentials = credentials
        self._certificates = certificates
        self._timeout = timeout
        self._attempts = attempts
        self._parser = create_parser("rest-xml")
        self._backoff = ExponentialBackoff(
            throttling_detector=ThrottlingErrorDetector(RetryEventAdapter())
        )
        self._objects: tuple[str, PoolManager] | None = None
        self._opening = threading.Lock()

    def put(
        self,
        key: str,
        body: bytes | Iterable[bytes],
        headers: Mapping[str, str],
        *,
        sha256: str,
        query: str = "",
    ) -> Mapping[str, str]:
        """Send ``body``, of the hex SHA-256 that is declared for it; the headers of the answer.

        What is no bytes is iterated over once a try, and needs a ``content-length``.
        """
        return self._ask(Asked("PUT", key, headers, query, body, sha256)).headers

    def head(self, key: str) -> Mapping[str, str]:
        """The headers of an object; their names in any case."""
        return self._ask(Asked("HEAD", key, {"x-amz-checksum-mode": "ENABLED"})).headers

    def get(self, key: str, version_id: str | None = None) -> BaseHTTPResponse:
        """An object's bytes, to be read and closed; raises urllib3's errors when they stop."""
        query = f"versionId={quote(version_id, safe='-._~')}" if version_id else ""
        return self._ask(Asked("GET", key, {}, query))

    def anew(self) -> "Wire":
        """The same, by connections that carried nothing before; to be closed."""
        base, _ = self._opened()
        again = copy(self)
        again._objects = base, self._pool(base)
        return again

    def close(self) -> None:
        """End the connections that carry nothing now."""
        if self._objects is not None:
            self._objects[1].clear()

    def _ask(self, asked: Asked) -> BaseHTTPResponse:
        for attempt in range(1, self._attempts):
            try:
                return self._try(asked, attempt)
            except ClientError as error:
                if kind_of(code_of(error), status_of(error)) is not StoreUnavailable:
                    raise
                again = RetryContext(attempt, parsed_response=error.response)
            except HTTPClientError as error:
                again = RetryContext(attempt, caught_exception=error)
            time.sleep(self._backoff.delay_amount(again))
        return self._try(asked, self._attempts)

    def _try(self, asked: Asked, attempt: int) -> BaseHTTPResponse:
        if self._credentials is None:
            raise NoCredentialsError
        base, pool = self._opened()
        url = urlsplit(base + quote(asked.key, safe="/-._~"))
        headers = signed(
            Request(asked.method, url.netloc, url.path, asked.headers, asked.query),
            asked.payload,
            # Renewed by botocore in time, where they are lent (a role, single sign-on).
            self._credentials.get_frozen_credentials(),
            self._client.meta.region_name,
            datetime.now(UTC),
        )
        try:
            answer = pool.urlopen(
                asked.method,
                url._replace(query=asked.query).geturl(),
                body=asked.body,
                headers=headers,
                retries=False,
                redirect=False,
                preload_content=asked.method != "GET",
                decode_content=False,
            )
            if answer.status < 300:
                return answer
            said = answer.data
        except HTTPError as error:
            raise HTTPClientError(error=error) from error
        raise self._refusal(asked.method, answer, said, attempt)

    def _refusal(
        self, method: Method, answer: BaseHTTPResponse, body: bytes, attempt: int
    ) -> ClientError:
        parsed = self._parser.parse(
            {"status_code": answer.status, "headers": answer.headers, "body": body},
            None,  # type: ignore[arg-type]  # the stubs know no answer without a shape
        )
        parsed["ResponseMetadata"]["RetryAttempts"] = attempt - 1
        return ClientError(parsed, f"{method}Object")

    def _opened(self) -> tuple[str, PoolManager]:
        if self._objects is None:
            with self._opening:
                if self._objects is None:
                    base = _url_of_objects(self._client, self._bucket)
                    self._objects = base, self._pool(base)
        return self._objects

    def _pool(self, base: str) -> PoolManager:
        proxies = ProxyConfiguration(get_environ_proxies(base))
        proxy = proxies.proxy_url_for(base)
        manager = (
            PoolManager
            if proxy is None
            else partial(ProxyManager, proxy, proxy_headers=proxies.proxy_headers_for(proxy))
        )
        return manager(
            maxsize=CONNECTIONS,
            timeout=Timeout(connect=self._timeout, read=self._timeout),
            cert_reqs="CERT_REQUIRED",
            ca_certs=self._certificates or get_cert_path(verify=True),
        )


def _url_of_objects(client: "S3Client", bucket: str) -> str:
    """Where botocore would send requests for the objects of ``bucket`` to, ending in ``/``."""
    urls: list[str] = []

    def caught(request: "AWSPreparedRequest", **_: object) -> AWSResponse:
        urls.append(request.url)
        raw = HTTPResponse(io.BytesIO(), preload_content=False)
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    # An answer to this event is taken for the server's: nothing is sent.
    event, answered = "before-send.s3.HeadObject", cast("Callable[..., None]", caught)
    client.meta.events.register_first(event, answered)
    try:
        client.head_object(Bucket=bucket, Key="k")
    finally:
        client.meta.events.unregister(event, answered)
    return urls[0].removesuffix("k")
