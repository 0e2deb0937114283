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
    config = (REPO / "pyproject.toml").read_text("utf-8")
    for name in ("packages", "flows"):
        copy = tmp_path / name
        subprocess.run(["cp", "-r", REPO / name, copy], check=True)
    (tmp_path / "pyproject.toml").write_text(config, "utf-8")
    wrong = tmp_path / "packages/wiazka/record/text.py"
    wrong.write_text(wrong.read_text("utf-8") + "\nimport wiazka.stores.base\n", "utf-8")
    done = subprocess.run(
        [LINT, "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{tmp_path}/packages:{tmp_path}", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1
    assert "wiazka.record.text -> wiazka.stores.base" in done.stdout


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

    example = (REPO / "config/wiazka.toml").read_text("utf-8")
    for section, field in Settings.model_fields.items():
        if section == "stores":
            continue
        if section == "severity":
            assert f"[{section}]" in example
            continue
        keys = getattr(field.annotation, "model_fields", None)
        if keys is not None:
            assert f"[{section}]" in example
        # A key of no section stands before the first of them.
        place = example if keys is not None else example.partition("\n[")[0]
        for key in keys if keys is not None else (section,):
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
