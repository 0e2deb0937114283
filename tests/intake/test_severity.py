"""How much problems matter is the archive's to choose; what staff let be stays on record."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.clean import clean_delivery
from wiazka.errors import ConfigError
from wiazka.ingest.package import full_record
from wiazka.ingest.preflight import preflight
from wiazka.intake.deliveries import at_paths
from wiazka.intake.model import Submission
from wiazka.intake.severity import weighed
from wiazka.problem_kinds import PROBLEM_KINDS, Severity
from wiazka.record.accepted import read_accepted
from wiazka.record.crosswalk import read_record_json, record_json
from wiazka.settings import Settings, load

NO_RIGHTS = "field-absent"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound document, but for the rights that its record says nothing of."""
    [folder] = [path for path in clean_delivery(tmp_path).iterdir() if path.is_dir()]
    record = folder / "record.yaml"
    record.write_text(record.read_text("utf-8").replace("rights: CNE\n", ""), encoding="utf-8")
    return folder


def looked_at(folder: Path, **severity: str) -> Submission:
    settings = Settings.model_validate({"severity": severity})
    [delivery] = at_paths([folder.parent], folder.parent.parent)
    [submission] = preflight(delivery, settings, None)
    return submission


def accepting(folder: Path, lines: str) -> Submission:
    record = folder / "record.yaml"
    record.write_text(record.read_text("utf-8") + lines, encoding="utf-8")
    return looked_at(folder)


@pytest.mark.parametrize("severity", list(Severity))
def test_a_problem_is_as_grave_as_the_configuration_says(folder: Path, severity: Severity) -> None:
    submission = looked_at(folder, **{NO_RIGHTS: severity})
    assert [p.severity for p in submission.problems] == [severity]
    assert bool(submission.errors) == (severity is Severity.ERROR)


def test_every_problem_keeps_its_own_severity_where_nothing_is_chosen() -> None:
    problems = [kind.at("", "m", "r") for kind in PROBLEM_KINDS.values()]
    assert list(weighed(problems, {})) == problems


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"field-absnt" = "note"', "did you mean 'field-absent'?"),
        ('"field-absent" = "fatal"', "can be error, warning or note"),
        ('"damaged-file" = "note"', "'damaged-file' is always an error"),
        ('"not-settled" = "error"', "'not-settled' is always a note"),
    ],
)
def test_a_wrong_line_of_the_configuration_is_refused_with_a_right_one(
    tmp_path: Path, line: str, said: str
) -> None:
    config = tmp_path / "wiazka.toml"
    config.write_text(f"[severity]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(config)
    assert said in caught.value.message
    assert "severity" in caught.value.message


@pytest.mark.parametrize(
    "lines",
    [
        'accepted: ["field-absent: they are not known (Anna Kowalska)"]\n',
        "accepted:\n  - field-absent: they are not known (Anna Kowalska)\n",
        "accepted:\n  field-absent: they are not known (Anna Kowalska)\n",
        "przyjęte: 'field-absent rights: they are not known (Anna Kowalska)'\n",
        "accepted:\n  - code: field-absent\n    by: Anna Kowalska\n"
        "    reason: they are not known\n",
        "zaakceptowane:\n"
        "  - {kod: field-absent, plik: record.yaml, kto: Anna Kowalska,\n"
        "     powód: they are not known}\n",
    ],
)
def test_an_accepted_warning_is_kept_with_who_and_why(folder: Path, lines: str) -> None:
    submission = accepting(folder, lines)
    assert submission.problems == ()
    [accepted] = submission.accepted
    assert (accepted.code, accepted.by) == (NO_RIGHTS, "Anna Kowalska")
    assert accepted.reason == "they are not known"
    assert "rights" in accepted.message
    record = full_record(submission)
    assert record.extra == {}
    assert read_record_json(record_json(record)).accepted == (accepted,)


def test_what_is_accepted_in_the_delivery_and_in_the_document_is_both_accepted(
    folder: Path,
) -> None:
    (folder.parent / "batch.yaml").write_text(
        'accepted: ["field-absent rights: not known (A. Kowalska)", "text-garbled: old (A. K.)"]\n',
        encoding="utf-8",
    )
    record = folder / "record.yaml"
    text = record.read_text("utf-8").replace('translator: "Jerzy Giebułtowski"\n', "")
    record.write_text(text, encoding="utf-8")
    submission = accepting(folder, 'accepted: ["field-absent translator: not known (Ewa Ż.)"]\n')
    assert submission.problems == ()
    assert sorted(str(one.by) for one in submission.accepted) == ["A. Kowalska", "Ewa Ż."]


def test_an_acceptance_of_another_place_is_none(folder: Path) -> None:
    submission = accepting(folder, 'accepted: ["field-absent scans: not known (A. K.)"]\n')
    assert [p.code for p in submission.problems] == [NO_RIGHTS, "acceptance-unused"]
    assert submission.accepted == ()


def test_what_was_made_an_error_here_is_not_accepted(folder: Path) -> None:
    accepting(folder, 'accepted: ["field-absent: not known (A. K.)"]\n')
    submission = looked_at(folder, **{NO_RIGHTS: "error"})
    assert [p.code for p in submission.problems] == [NO_RIGHTS, "acceptance-of-error"]
    assert submission.accepted == ()


@given(st.text(max_size=80))
def test_whatever_is_written_as_an_acceptance_is_one_or_is_told(text: str) -> None:
    accepted, problems = read_accepted([(text, "record.yaml, line 7")])
    assert len(accepted) + len(problems) == 1
    assert all(one.by and one.reason and one.code in PROBLEM_KINDS for one in accepted)


def test_what_holds_a_document_back_cannot_be_accepted_away(folder: Path) -> None:
    scan = folder / "scans" / "0001r.tif"
    scan.unlink()
    with scan.open("wb") as stream:
        stream.truncate(100 << 10)
    submission = accepting(
        folder, 'accepted: ["placeholder: take it all the same (A. Kowalska)"]\n'
    )
    assert [problem.code for problem in submission.held] == ["placeholder"]
    assert "placeholder" not in {one.code for one in submission.accepted}
