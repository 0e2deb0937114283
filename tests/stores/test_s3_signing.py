"""Our signature is botocore's, whatever is signed."""

from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import quote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from wiazka.evidence import sha256
from wiazka.stores.s3_signing import Request, signed

KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
WORDS = st.text("abcXYZ019-_/+= ", min_size=1).map(str.strip)
HEADERS = st.dictionaries(st.sampled_from(["if-none-match", "x-amz-meta-a", "x-amz-b"]), WORDS)


class _Payload(S3SigV4Auth):
    def payload(self, request: AWSRequest) -> str:
        return sha256(b"body")


@given(
    method=st.sampled_from(["GET", "HEAD", "PUT"]),
    host=st.sampled_from(["127.0.0.1:7070", "archive.s3.eu-central-1.amazonaws.com"]),
    key=KEYS,
    query=st.sampled_from(["", "partNumber=3&uploadId=a%2Fb-_~"]),
    headers=HEADERS,
    secret=st.text(min_size=1),
    token=st.none() | WORDS.filter(bool),
    at=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2099, 1, 1)),  # noqa: DTZ001
)
def test_a_request_is_signed_as_botocore_signs_it(
    *,
    method: str,
    host: str,
    key: str,
    query: str,
    headers: dict[str, str],
    secret: str,
    token: str | None,
    at: datetime,
) -> None:
    path = "/bucket/" + quote(key, safe="/-._~")
    credentials = Credentials("archive", secret, token)
    request = AWSRequest(method, f"http://{host}{path}?{query}", headers=headers)
    with patch("botocore.auth.get_current_datetime", lambda **_: at):
        _Payload(credentials, "s3", "eu-central-1").add_auth(request)
    ours = signed(
        Request(method, host, path, headers, query),
        sha256(b"body"),
        credentials.get_frozen_credentials(),
        "eu-central-1",
        at.replace(tzinfo=UTC),
    )
    assert ours["authorization"] == request.headers["Authorization"]
