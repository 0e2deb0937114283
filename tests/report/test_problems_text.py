"""``_PROBLEMS.txt``: staff can mend a submission from it alone."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from wiazka.problem_kinds import PROBLEM_KINDS, Problem, ProblemKind, Severity
from wiazka.report.model import ReceiptState
from wiazka.report.problems import DeliveryProblems, DocumentProblems, problems_text
from wiazka.settings import Archive

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SENTENCE = st.text("abc ąćęłńóśźż \"':/.", min_size=1, max_size=200).filter(lambda s: s.strip())


def said_of(*problems: Problem, contact: str = "") -> str:
    told = DocumentProblems("1971_uszkodzony", ReceiptState.REFUSED, problems)
    archive = Archive(contact_name=contact or None)
    return problems_text(DeliveryProblems(archive, "delivery", NOON, "wiazka", (told,)))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_kind_of_problem_is_told_with_its_place_cause_and_remedy():
    problems = [
        kind.at(f"scans/{n}.tif", f"Przyczyna {n} ({code}).", f"Write for example: title: Ż{n}")
        for n, (code, kind) in enumerate(PROBLEM_KINDS.items())
    ]
    said = flat(said_of(*problems))
    for problem in problems:
        assert problem.path in said
        assert problem.message in said
        assert problem.remedy in said


@given(st.lists(st.tuples(st.sampled_from(Severity), SENTENCE, SENTENCE), min_size=1))
def test_no_remedy_is_ever_lost_however_long(told):
    problems = [
        ProblemKind("x", severity, "").at("a.tif", message, remedy)
        for severity, message, remedy in told
    ]
    said = flat(said_of(*problems))
    for problem in problems:
        assert flat(problem.remedy) in said
        assert flat(problem.message) in said


def test_errors_come_first_and_numbers_run_through():
    warning = PROBLEM_KINDS["field-absent"].at("record.yaml", "No rights.", "Add: rights: CNE")
    error = PROBLEM_KINDS["title-missing"].at("record.yaml", "No title.", "Add: title: Note")
    said = said_of(warning, error)
    assert said.index("1. Where") < said.index("No title.")
    assert said.index("No title.") < said.index("2. Where") < said.index("No rights.")
    assert "1 thing must be mended" in said


def test_the_field_or_line_is_named():
    problem = PROBLEM_KINDS["date-unreadable"].at("records.csv", "m", "r", field="row 7, date")
    assert "records.csv, row 7, date" in said_of(problem)


def test_a_problem_of_the_folder_says_so():
    assert "the folder itself" in said_of(PROBLEM_KINDS["empty-submission"].at("", "m", "r"))


def test_a_long_path_is_never_broken():
    path = "scans/" + "bardzo-długa_nazwa" * 8 + ".tif"
    assert path in said_of(PROBLEM_KINDS["damaged-file"].at(path, "m", "r"))


def test_it_ends_by_saying_that_nothing_was_lost_and_what_happens_next():
    end = flat(said_of(PROBLEM_KINDS["title-missing"].at("", "m", "r"), contact="Ewa Źrebiec"))
    end = end.partition("WHAT HAPPENS NEXT")[2]
    assert "Nothing you handed over was changed, moved or lost." in end
    assert "taken at the next run" in end
    assert "ask Ewa Źrebiec" in end
