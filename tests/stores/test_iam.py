"""Each role may what it needs, by the very files of config/iam, and is refused all else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.conftest import House
from tests.services.running import User
from tests.services.versitygw import Versitygw

IAM = Path(__file__).parents[2] / "config/iam"
ROLES = ("ingest", "audit", "repair", "deaccession")
PREFIX = "archiwum"


class Roles:
    """A bucket with versions that a user for each role may use, and a house that works with it."""

    def __init__(self, server: Versitygw, bucket: str, house: House) -> None:
        self.server, self.bucket, self.house = server, bucket, house
        server.make_bucket(bucket, versioning=True)
        self.users = {role: server.make_user(f"{bucket}-{role}") for role in ROLES}
        server.allow(
            bucket,
            *(
                {
                    **statement,
                    "Principal": {"AWS": [self.users[role].principal]},
                    "Sid": f"{role}{n}",
                }
                for role in ROLES
                for n, statement in enumerate(policy(role, bucket))
            ),
        )

    def keys(self, role: str) -> dict[str, str]:
        user = self.users[role]
        return {
            "WIAZKA_STORE_CLOUD_ACCESS_KEY_ID": user.access_key,
            "WIAZKA_STORE_CLOUD_SECRET_ACCESS_KEY": user.secret_key,
        }

    def run(self, role: str, *arguments: str) -> dict[str, object]:
        done = self.house.run(*arguments, "--json", **self.keys(role))
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found


def policy(role: str, bucket: str) -> list[dict[str, object]]:
    """The statements of a role, for this bucket, as an admin makes them with sed."""
    text = (IAM / f"{role}.json").read_text("utf-8")
    text = text.replace("YOUR-BUCKET", bucket).replace("YOUR-PREFIX", PREFIX)
    statements: list[dict[str, object]] = json.loads(text)["Statement"]
    return statements


@pytest.fixture
def roles(versitygw: Versitygw, make_house: Callable[[str], House], tmp_path: Path) -> Roles:
    bucket = f"iam-{abs(hash(str(tmp_path))):x}"
    house = make_house(
        '[deaccession]\ngrace_days = 0\npersons = "name"\n'
        f'[stores.cloud]\nkind = "s3"\nbucket = "{bucket}"\nprefix = "{PREFIX}"\n'
        f'endpoint = "{versitygw.endpoint}"\nregion = "us-east-1"\nattempts = 1\n'
    )
    return Roles(versitygw, bucket, house)


def test_each_role_can_do_all_of_its_work_and_no_more(roles: Roles) -> None:
    roles.house.submission("note")
    # The probe of the store is part of a first ingest.
    done = roles.run("ingest", "ingest")
    assert done["deliveries"][0]["submissions"][0]["state"] == "registered"  # type: ignore[index]
    audit = roles.run("audit", "audit")
    assert (audit["checked"], audit["findings"]) == (1, [])
    roles.run("audit", "restore", "main/note", "--to", "back")
    drilled = roles.run("audit", "drill")["drills"]
    assert [one["outcome"] for one in drilled] == ["ok", "ok"]  # type: ignore[attr-defined]
    refuses_what_is_not_allowed(roles)

    request = ("deaccession", "request", "main/note", "--reason", "Not ours", "--by", "Anna")
    roles.run("audit", *request)
    roles.run("audit", "deaccession", "approve", "1", "--by", "Jan")
    for role in ("audit", "ingest", "repair"):
        refused = roles.house.run("deaccession", "run", **roles.keys(role))
        assert refused.returncode == 3
    roles.run("deaccession", "deaccession", "run")
    left = roles.server.client().list_object_versions(
        Bucket=roles.bucket, Prefix=f"{PREFIX}/packages"
    )
    assert [found["Key"] for found in left["Versions"]] == [
        f"{PREFIX}/packages/main/note/v1/tombstone.json"
    ]
    assert not left.get("DeleteMarkers")


def refuses_what_is_not_allowed(roles: Roles) -> None:
    mark = f"{PREFIX}/packages/main/note/v1.json"
    known = roles.server.client().head_object(Bucket=roles.bucket, Key=mark)["VersionId"]

    def act(user: User, action: str, key: str = mark, **more: object) -> None:
        client = roles.server.client(user.access_key, user.secret_key)
        getattr(client, action)(Bucket=roles.bucket, Key=key, **more)

    for role, user in roles.users.items():
        if role != "deaccession":
            refused(lambda user=user: act(user, "delete_object"))
            refused(lambda user=user: act(user, "delete_object", VersionId=known))
        if role in ("audit", "deaccession"):
            refused(lambda user=user: act(user, "put_object", Body=b"x"))
        # Nobody outside of the prefix, nobody the bucket itself.
        refused(lambda user=user: act(user, "put_object", "elsewhere", Body=b"x"))
        refused(lambda user=user: act(user, "get_object", "elsewhere"))
        client = roles.server.client(user.access_key, user.secret_key)
        refused(
            lambda client=client: client.put_bucket_versioning(
                Bucket=roles.bucket, VersioningConfiguration={"Status": "Suspended"}
            )
        )
    assert roles.server.client().head_object(Bucket=roles.bucket, Key=mark)["VersionId"] == known


def refused(action: Callable[[], None]) -> None:
    with pytest.raises(ClientError) as caught:
        action()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_only_deaccession_may_delete_and_none_gets_round_a_lock() -> None:
    for role in ROLES:
        for statement in json.loads((IAM / f"{role}.json").read_text("utf-8"))["Statement"]:
            actions = statement["Action"]
            assert not any("*" in action for action in actions)
            assert "s3:BypassGovernanceRetention" not in actions
            deletes = any("Delete" in action for action in actions)
            assert not deletes or (
                role == "deaccession" and statement["Resource"].endswith("/packages/*")
            )
            assert statement["Effect"] == "Allow"
