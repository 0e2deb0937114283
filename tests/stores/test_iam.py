"""Each role may what it needs, by the very files of config/iam, and is refused all else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.conftest import House
from tests.services.running import Service, User

IAM = Path(__file__).parents[2] / "config/iam"
ROLES = ("ingest", "audit", "repair", "deaccession")
PREFIX = "archiwum"


class Roles:
    """A bucket that a user for each role may use, and a house that works with it."""

    def __init__(self, server: Service, bucket: str, house: House, *, versioning: bool) -> None:
        self.server, self.bucket, self.house = server, bucket, house
        server.make_bucket(bucket, versioning=versioning)
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


@pytest.fixture(params=["versitygw", "ceph"])
def server(request: pytest.FixtureRequest) -> Service:
    """A server that has users, and keeps to policies."""
    found: Service = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def roles(server: Service, make_house: Callable[[str], House], tmp_path: Path) -> Roles:
    return made(server, make_house, tmp_path, versioning=True)


def made(
    server: Service, make_house: Callable[[str], House], tmp_path: Path, *, versioning: bool
) -> Roles:
    bucket = f"iam-{abs(hash(str(tmp_path))):x}"
    house = make_house(
        '[deaccession]\ngrace_days = 0\npersons = "name"\n'
        f'[stores.cloud]\nkind = "s3"\nbucket = "{bucket}"\nprefix = "{PREFIX}"\n'
        f'endpoint = "{server.endpoint}"\nregion = "us-east-1"\nattempts = 1\n'
    )
    return Roles(server, bucket, house, versioning=versioning)


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
    mends_with_its_own_keys_alone(roles)

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


def mends_with_its_own_keys_alone(roles: Roles) -> None:
    key = f"{PREFIX}/packages/main/note/v1/bagit.txt"
    client = roles.server.client()
    with roles.house.config.open("a") as config:
        config.write('[stores.disk]\nkind = "directory"\npath = "disk"\n')
    roles.run("audit", "replicate", "--to", "disk")
    client.put_object(Bucket=roles.bucket, Key=key, Body=b"rotten")
    refused = roles.house.run("repair", "note", "--store", "cloud", **roles.keys("audit"))
    assert refused.returncode == 3
    assert "config/iam/repair.json" in refused.stdout
    assert client.get_object(Bucket=roles.bucket, Key=key)["Body"].read() == b"rotten"
    mended = roles.run("repair", "repair", "note", "--store", "cloud")
    assert mended["copies"][0]["state"] == "mended"  # type: ignore[index]
    sound = (roles.house.path / "disk/packages/main/note/v1/bagit.txt").read_bytes()
    assert client.get_object(Bucket=roles.bucket, Key=key)["Body"].read() == sound


def test_a_repair_can_keep_aside_what_a_bucket_without_versions_would_lose(
    server: Service, make_house: Callable[[str], House], tmp_path: Path
) -> None:
    roles = made(server, make_house, tmp_path, versioning=False)
    roles.house.submission("note")
    roles.run("ingest", "ingest")
    mends_with_its_own_keys_alone(roles)
    client = roles.server.client()
    [aside] = client.list_objects_v2(Bucket=roles.bucket, Prefix=f"{PREFIX}/aside/")["Contents"]
    assert client.get_object(Bucket=roles.bucket, Key=aside["Key"])["Body"].read() == b"rotten"


def refuses_what_is_not_allowed(roles: Roles) -> None:
    mark = f"{PREFIX}/packages/main/note/v1.json"
    owner = roles.server.client()
    known = owner.head_object(Bucket=roles.bucket, Key=mark)["VersionId"]
    # Of what is not there Ceph says so.
    owner.put_object(Bucket=roles.bucket, Key="elsewhere", Body=b"not theirs")

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
    assert owner.head_object(Bucket=roles.bucket, Key=mark)["VersionId"] == known


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
                role == "deaccession"
                and all(one.endswith("/packages/*") for one in statement["Resource"])
            )
            assert statement["Effect"] == "Allow"


def test_keys_that_may_only_read_suffice_to_find_damage_and_what_lies_under_it(
    roles: Roles,
) -> None:
    roles.house.submission("note")
    roles.run("ingest", "ingest")
    key = f"{PREFIX}/packages/main/note/v1/data/objects/scans/0001r.tif"
    owner = roles.server.client()
    [right] = owner.list_object_versions(Bucket=roles.bucket, Prefix=key)["Versions"]
    owner.delete_object(Bucket=roles.bucket, Key=key)
    owner.put_object(Bucket=roles.bucket, Key=f"{PREFIX}/packages/main/note/v1/x", Body=b"x")
    for grade in ("read", "stored-digest", "size", "listed"):
        done = roles.house.run("audit", "--json", "--grade", grade, **roles.keys("audit"))
        assert done.returncode == 1, done.stderr
        found = {f["outcome"]: f for f in json.loads(done.stdout)["findings"]}
        assert found.keys() == {"missing", "extra"}
        assert found["missing"]["path"] == "data/objects/scans/0001r.tif"
        assert found["missing"]["sound_version"] == right["VersionId"]
        assert found["extra"]["path"] == "x"
