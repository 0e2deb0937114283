"""How an S3 server is reached: with whose keys, how patiently, by which of boto3's ways."""

import os
from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ProfileNotFound
from botocore.session import Session
from botocore.utils import parse_timestamp

from wiazka.errors import ConfigError
from wiazka.settings_of_stores import S3Store
from wiazka.stores.base import Credentials
from wiazka.stores.s3_answers import credential_variables
from wiazka.stores.s3_signing import DECLARED
from wiazka.stores.s3_wire import CONNECTIONS, Wire

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def connect(
    name: str, settings: S3Store, credentials: Credentials | None = None
) -> "tuple[S3Client, Wire]":
    """boto3's client for what is rare, and our own way for what is done once a file.

    Nothing is sent yet. Credentials are those of ``credential_variables(name)``, else those of
    ``credentials_block``, else what AWS tools would use (with ``profile``). Raises ConfigError when
    one of the two is missing, the block cannot be had, or the profile is unknown.
    """
    core = Session(profile=settings.profile)
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
    session = _session(name, settings, core, credentials)
    client = session.client(
        "s3",
        endpoint_url=settings.endpoint,
        region_name=settings.region or session.region_name or "us-east-1",
        config=Config(
            connect_timeout=settings.timeout_seconds,
            read_timeout=settings.timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": settings.attempts},
            max_pool_connections=CONNECTIONS,
            # Some https endpoints refuse the trailing checksums that are boto3's default, and every
            # byte that is read is hashed by us anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if settings.endpoint else "auto"},
        ),
    )
    client.meta.events.register_first(
        "choose-signer.s3.PutObject",
        _choose_signer,  # type: ignore[arg-type]  # the stubs forget that an answer counts
    )
    wire = Wire(
        client,
        settings.bucket,
        session.get_credentials(),
        certificates=core.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE"),
        timeout=settings.timeout_seconds,
        attempts=settings.attempts,
    )
    return client, wire


def _session(
    name: str, settings: S3Store, core: Session, credentials: Credentials | None
) -> boto3.Session:
    key_variable, secret_variable = credential_variables(name)
    key_id, secret = os.environ.get(key_variable), os.environ.get(secret_variable)
    if bool(key_id) != bool(secret):
        raise ConfigError(
            f"Store {name!r}: only one of ${key_variable} and ${secret_variable} is set.",
            "Set both, or neither to use the credentials of the AWS tools.",
        )
    if not key_id and settings.credentials_block:
        key_id, secret = _of_block(name, settings.credentials_block, credentials)
    try:
        return boto3.Session(
            aws_access_key_id=key_id or None,
            aws_secret_access_key=secret or None,
            botocore_session=core,
        )
    except ProfileNotFound as error:
        raise ConfigError(
            f"Store {name!r}: no profile {settings.profile!r} in ~/.aws/config.",
            f"Make it with: aws configure --profile {settings.profile}",
        ) from error


def _of_block(name: str, block: str, credentials: Credentials | None) -> tuple[str, str]:
    found = credentials(block) if credentials else None
    if found is None:
        key_variable, secret_variable = credential_variables(name)
        raise ConfigError(
            f"Store {name!r}: its credentials are in the Prefect block {block!r}, which "
            + ("does not hold any." if credentials else "only a flow run can read."),
            f"Set ${key_variable} and ${secret_variable} for this command, or make the block as "
            "docs/stores.md says.",
        )
    return found


def _choose_signer(**_: object) -> str:
    return DECLARED


def _moment(told: str | float) -> datetime:
    # boto3 looks for a date in any form, which is three quarters of what a listing costs.
    if isinstance(told, str) and told[10:11] == "T":
        try:
            return datetime.fromisoformat(told)
        except ValueError:
            pass
    return parse_timestamp(told)  # type: ignore[arg-type]  # the stubs forget numbers
