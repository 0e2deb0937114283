"""What staff let be, written wrongly."""

from pathlib import Path

from tests.intake.faults import fault


def _add(folder: Path, lines: str) -> None:
    record = folder / "record.yaml"
    record.write_text(record.read_text("utf-8") + lines, encoding="utf-8")


def _without(folder: Path, key: str) -> None:
    record = folder / "record.yaml"
    lines = record.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{key}:")]
    record.write_text("".join(kept), encoding="utf-8")


@fault("field-absent", "acceptance-incomplete")
def accepted_by_nobody(folder: Path) -> None:
    _without(folder, "rights")
    _add(folder, 'accepted: ["field-absent: they are not known"]\n')


@fault("field-absent", "acceptance-incomplete")
def accepted_without_a_reason(folder: Path) -> None:
    _without(folder, "rights")
    _add(folder, "accepted:\n  - code: field-absent\n    by: Anna Kowalska\n")


@fault("acceptance-incomplete")
def accepted_under_a_code_that_is_not_there(folder: Path) -> None:
    _add(folder, 'accepted: ["field-absnt: they are not known (Anna Kowalska)"]\n')


@fault("title-missing", "acceptance-of-error")
def an_error_accepted(folder: Path) -> None:
    _without(folder, "title")
    _add(folder, 'accepted: ["title-missing: it has none (Anna Kowalska)"]\n')


@fault("acceptance-unused")
def accepted_though_nothing_is_wrong(folder: Path) -> None:
    _add(folder, 'accepted: ["field-absent: they are not known (Anna Kowalska)"]\n')


@fault("field-absent", severity={"field-absent": "error"})
def a_warning_that_is_an_error_here(folder: Path) -> None:
    _without(folder, "rights")
