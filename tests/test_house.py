"""The rules of the house, each checked where it can be broken."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wiazka import problem_kinds
from wiazka.errors import WiazkaError
from wiazka.problem_kinds import PROBLEM_KINDS

REPO = Path(__file__).parents[1]
LINT = Path(sys.executable).with_name("lint-imports")


def _error_classes(base: type[WiazkaError] = WiazkaError) -> list[type[WiazkaError]]:
    return [base, *(inner for one in base.__subclasses__() for inner in _error_classes(one))]


def test_arrows_between_the_rooms_go_one_way_and_each_dependency_has_one_door() -> None:
    done = subprocess.run([LINT, "--no-cache"], cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_an_import_against_the_arrows_is_caught(tmp_path: Path) -> None:
    copy = _copied(tmp_path)
    _add_import(copy, "wiazka.record.text", "wiazka.stores.base")
    done = _linted(copy)
    assert done.returncode == 1
    assert "wiazka.record.text -> wiazka.stores.base" in done.stdout


def _copied(folder: Path) -> Path:
    for name in ("packages", "flows"):
        subprocess.run(["cp", "-r", REPO / name, folder / name], check=True)
    (folder / "pyproject.toml").write_text((REPO / "pyproject.toml").read_text("utf-8"), "utf-8")
    return folder


def _add_import(copy: Path, module: str, imported: str) -> None:
    path = copy / "packages" / f"{module.replace('.', '/')}.py"
    path.write_text(path.read_text("utf-8") + f"\nimport {imported}\n", "utf-8")


def _linted(copy: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=copy,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{copy}/packages:{copy}", "PATH": "/usr/bin:/bin"},
    )


# Ways of making an object or a file go, and of putting another in its place.
_REMOVES = re.compile(
    r"delete_object|delete_bucket|DeleteObject|\.unlink\(|\.rmdir\(|rmtree|os\.(remove|unlink|rmdir)"
    r"|\.rename\(|os\.(rename|replace)|BypassGovernance"
)
# A repair puts a file in another's place, which it has kept under a second name before.
_MAY_REMOVE = {"removal.py", "s3_removal.py", "replacement.py"}
# Bytes on their way in, which have no key yet.
_DRAFTS = {"draft.unlink(missing_ok=True)", "draft.unlink()"}


def test_nothing_but_a_deaccession_can_remove_an_object() -> None:
    stores = REPO / "packages/wiazka/stores"
    seen = {
        f"{path.name}: {line.strip()}"
        for path in stores.glob("*.py")
        if path.name not in _MAY_REMOVE
        for line in path.read_text("utf-8").splitlines()
        if _REMOVES.search(line) and line.strip() not in _DRAFTS
    }
    assert not seen
    for path in (stores / "removal.py", stores / "s3_removal.py"):
        assert _REMOVES.search(path.read_text("utf-8")), "the search itself finds nothing"
    assert "BypassGovernance" not in (stores / "s3_removal.py").read_text("utf-8")


def test_a_store_of_an_ingest_cannot_remove() -> None:
    from wiazka.stores.base import Store
    from wiazka.stores.directory import DirectoryFiles
    from wiazka.stores.s3 import S3Bucket

    for kind in (Store, DirectoryFiles, S3Bucket):
        assert not [name for name in dir(kind) if re.search("remove|delete|discard", name)]


def test_a_store_of_a_repair_can_put_in_place_and_not_remove() -> None:
    from wiazka.stores.replacement import DirectoryReplacement, Replacing
    from wiazka.stores.s3_replacement import S3Replacement

    for kind in (Replacing, DirectoryReplacement, S3Replacement):
        assert not [name for name in dir(kind) if re.search("remove|delete|discard", name)]
    source = (REPO / "packages/wiazka/stores/replacement.py").read_text("utf-8")
    assert [line.strip() for line in source.splitlines() if _REMOVES.search(line)] == []
    # Path.replace, which the search does not know from str.replace, is there once.
    assert source.count("draft.replace(target)") == source.count(".replace(") == 1


@pytest.mark.parametrize(
    ("wrong", "imported"),
    [
        ("wiazka.ingest.desk", "wiazka.stores.removal"),
        ("wiazka.fixity.check", "wiazka.stores.replacement"),
        ("wiazka.replicate.copying", "wiazka.stores.s3_replacement"),
    ],
)
def test_an_import_of_what_removes_or_writes_over_is_caught(
    tmp_path: Path, wrong: str, imported: str
) -> None:
    copy = _copied(tmp_path)
    _add_import(copy, wrong, imported)
    done = _linted(copy)
    assert done.returncode == 1
    assert f"{wrong} -> {imported}" in done.stdout


# What makes, changes or takes over the digests that audits compare with: the table itself, which
# only the catalogue can reach, and the doors to it.
_EXPECTATIONS = re.compile(
    r"\b(begin_version|describe_version|insert_found|FILE|_database)\b|\.rebuild\(|\.database\b"
)


@pytest.mark.parametrize("room", ["repair", "fixity", "restore", "replicate", "stores"])
def test_nothing_that_looks_at_bytes_or_mends_them_can_change_what_is_expected(room: str) -> None:
    seen = {
        f"{path.name}: {line.strip()}"
        for path in (REPO / "packages/wiazka" / room).glob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if _EXPECTATIONS.search(line)
    }
    assert not seen
    pipeline = (REPO / "packages/wiazka/ingest/package.py").read_text("utf-8")
    assert _EXPECTATIONS.search(pipeline), "the search itself finds nothing"


def test_only_two_parts_of_the_catalogue_write_the_expected_digests() -> None:
    writes = re.compile(r"(insert|update|delete)\(FILE\)")
    catalogue = REPO / "packages/wiazka/catalogue"
    assert {p.name for p in catalogue.glob("*.py") if writes.search(p.read_text("utf-8"))} == {
        "packages.py"
    }


@pytest.mark.parametrize("code", sorted(PROBLEM_KINDS))
def test_every_problem_is_explained_in_the_docs(code: str) -> None:
    page = (REPO / "docs/problems.md").read_text("utf-8")
    assert f"| `{code}` | {PROBLEM_KINDS[code].severity} |" in page


@pytest.mark.parametrize("code", sorted(PROBLEM_KINDS))
def test_every_problem_has_a_section_that_says_how_to_mend_it(code: str) -> None:
    section = _sections().get(code, "")
    kind = PROBLEM_KINDS[code]
    assert kind.meaning in section
    assert "*To mend:* " in section
    assert re.search(r"^> \S", section, re.MULTILINE), "an example of its message"
    assert ("Always a" in section) == kind.fixed


def test_no_section_of_the_docs_is_of_a_problem_that_is_not_there() -> None:
    assert set(_sections()) == set(PROBLEM_KINDS)


def _sections() -> dict[str, str]:
    page = (REPO / "docs/problems.md").read_text("utf-8").partition("\n## Errors")[0]
    _, *parts = re.split(r"^### `([a-z0-9-]+)`$", page, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("kind", _error_classes(), ids=lambda kind: kind.code)
def test_every_error_is_explained_in_the_docs(kind: type[WiazkaError]) -> None:
    page = (REPO / "docs/problems.md").read_text("utf-8")
    assert f"| `{kind.code}` | {kind.exit_code} |" in page


def test_the_docs_explain_nothing_that_is_not_there() -> None:
    page = (REPO / "docs/problems.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    assert named == set(PROBLEM_KINDS) | {kind.code for kind in _error_classes()}
    assert problem_kinds.Severity.ERROR in page


def test_every_key_of_the_configuration_is_explained_in_its_example() -> None:
    from wiazka.settings import Settings
    from wiazka.settings_of_fixity import FixityPolicy

    example = (REPO / "config/wiazka.toml").read_text("utf-8")
    for section, field in Settings.model_fields.items():
        if section == "stores":
            continue
        if section == "severity":
            assert f"[{section}]" in example
            continue
        own = FixityPolicy if section == "fixity" else field.annotation
        keys = getattr(own, "model_fields", None)
        if keys is not None:
            assert re.search(rf"^(# )?\[{section}[.\]]", example, re.MULTILINE), section
        # A key of no section stands before the first of them.
        place = example if keys is not None else example.partition("\n[")[0]
        for name in keys if keys is not None else (section,):
            key = (keys[name].alias if keys is not None else None) or name
            assert re.search(rf"^#? ?{key} = ", place, re.MULTILINE), f"{section}.{key}"


def test_lock_files_name_hashes_and_no_addresses() -> None:
    for lock in (REPO / "requirements.lock", *REPO.glob("tests/services/*.lock")):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_no_file_is_larger_than_a_room() -> None:
    for root in ("packages", "flows"):
        for path in (REPO / root).rglob("*.py"):
            assert len(path.read_text("utf-8").splitlines()) <= 400, path
