"""Credit lines, real and composed: understood rightly or refused, never wrongly."""

import csv
import json
import re
import time
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.credit import Credit, parse_credit, parse_support, split_credit
from wiazka.record.line import parse_line
from wiazka.record.model import Role

DATA = Path(__file__).parents[2].parent / "shared/data"
ROLES = {
    "obtained_by": "obtained_by",
    "contributed_by": "contributed_by",
    "translated_by": "translator",
    "edited_by": "editor",
    "annotated_by": "annotator",
    "compiled_by": "compiler",
    "revised_by": "reviser",
    "transcribed_by": "transcriber",
    "courtesy_of": "courtesy_of",
    "donors": "funder",
}


class Known(NamedTuple):
    """An agent as the table gives it."""

    role: str
    name: str
    kind: str = "person"
    programme: str = ""
    affiliation: str = ""


class Line(NamedTuple):
    """A line of the table, and what it means."""

    read: bool
    text: str
    agents: frozenset[Known]


def rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def table() -> list[Line]:
    text = Path(__file__).with_name("credits.tsv").read_text("utf-8")
    lines = []
    for row in text.split("\n"):
        if row and not row.startswith("#"):
            verdict, line, *cells = row.split("\t")
            agents = (dict(zip(Known._fields, cell.split("|"), strict=False)) for cell in cells)
            known = frozenset(
                Known(**{key: value for key, value in agent.items() if value}) for agent in agents
            )
            lines.append(Line(verdict == "read", line, known))
    return lines


TABLE = table()


def agents_of(credit: Credit) -> frozenset[Known]:
    return frozenset(
        Known(one.role, one.name, one.kind, one.programme or "", one.affiliation or "")
        for one in credit.agents
    )


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.text)
def test_a_credit_is_read_rightly_or_refused(line: Line) -> None:
    credit = parse_credit(line.text)
    if credit.agents or line.read:
        assert agents_of(credit) == line.agents
    else:
        assert [problem.code for problem in credit.problems] == ["credit-unparsed"]


def test_the_table_has_lines_that_must_be_read_and_lines_that_must_not_be_guessed() -> None:
    assert sum(line.read for line in TABLE) > 100
    assert sum(not line.read for line in TABLE) > 40


@pytest.mark.parametrize("row", rows("credits.tsv"), ids=lambda row: row["id"])
def test_no_agent_of_a_real_credit_is_wrong(row: dict[str, str]) -> None:
    parse = parse_support if row["kind"] == "support-line" else parse_credit
    credit = parse(row["verbatim"])
    if not credit.agents:
        assert credit.problems
        return
    expected = {
        (ROLES[role], name.split(" (")[0])
        for role, names in json.loads(row["roles_json"]).items()
        if role in ROLES
        for name in names
    }
    assert {(agent.role.value, agent.name) for agent in credit.agents} == expected


@pytest.mark.skipif(not rows("credits.tsv"), reason="the real lines are not here")
def test_at_most_one_real_credit_in_ten_is_refused() -> None:
    lines = [row["verbatim"] for row in rows("credits.tsv")]
    refused = [line for line in lines if not parse_credit(line).agents]
    assert len(refused) * 10 <= len(lines)


def test_an_act_without_a_role_gives_the_other_agents_and_one_warning() -> None:
    credit = parse_credit("Introduced by Mark Kramer; translated by Laura Deal")
    assert [(one.role, one.name) for one in credit.agents] == [(Role.TRANSLATOR, "Laura Deal")]
    assert [problem.code for problem in credit.problems] == ["credit-unparsed"]


def test_every_agent_has_the_relator_code_of_its_role() -> None:
    credit = parse_credit(
        "Obtained by Ana Lalaj, edited by Jan Łoś and translated by Enkel Daljani"
    )
    assert [agent.relator for agent in credit.agents] == ["col", "edt", "trl"]


def test_a_support_line_names_funders_and_nothing_else() -> None:
    assert parse_support("Translated by Laura Deal").agents == ()
    [agent] = parse_support("With the generous support of the Korea Foundation").agents
    assert (agent.name, agent.relator) == ("Korea Foundation", "fnd")


def test_a_given_name_alone_is_not_taken_for_a_person() -> None:
    line = "Made possible thanks to the financial support of Youmna and Tony Asseily"
    assert parse_line(line).agents == ()


def test_signature_and_credit_are_cut_where_they_stand() -> None:
    line = "AMSZ, Department II,  30/87, w. 5.  Document\u00a0obtained\u00a0 by Marek Hańderek."
    signature, credit = split_credit(line)
    assert signature == "AMSZ, Department II,  30/87, w. 5."
    assert credit == "Document\u00a0obtained\u00a0 by Marek Hańderek."


def squeezed(text: str) -> str:
    return " ".join(text.split())


SCRAPS = """
    Obtained translated edited by for the from with and , ; . : ( ) & CWIHP NSA Jane Doe Youmna
    University Archive of Troy Russian tłum. oprac. przełożył i przez z ros. Jr. D. – - dar:
    support made possible courtesy Foundation Published in New York 1962
"""
WORDS = st.sampled_from(SCRAPS.split())


@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join)))
def test_any_text_gives_a_credit_whose_names_stand_in_it(text: str) -> None:
    for credit in (parse_credit(text), parse_support(text)):
        assert credit.agents or credit.problems
        for agent in credit.agents:
            assert agent.name in squeezed(unicodedata.normalize("NFC", text))
    before, after = split_credit(text)
    assert before in text
    assert after is None or after in text


BLANKS = st.sampled_from([" ", "  ", "\u00a0", "\u202f ", "\t", "\n", "\u2003"])
DASHES = "-‐‑–—−"


@given(st.sampled_from([line for line in TABLE if line.agents]), st.data())
def test_blanks_and_dashes_never_make_a_right_agent_wrong(line: Line, data: st.DataObject) -> None:
    spaced = re.sub(" ", lambda _: data.draw(BLANKS), line.text)
    dash = data.draw(st.sampled_from(DASHES))
    changed = re.sub(f"[{DASHES}]", dash, spaced)
    as_known = str.maketrans(dict.fromkeys(DASHES, "-"))
    expected = {tuple(part.translate(as_known) for part in agent) for agent in line.agents}
    found = {
        tuple(part.translate(as_known) for part in agent)
        for agent in agents_of(parse_credit(changed))
    }
    assert not found or found == expected


@pytest.mark.parametrize(
    "unit",
    [
        *(" ", "a", "(", "((a", ", ", ". ", "A ", "A. ", "A-", "and ", "i ", "by ", "\u00a0"),
        *("Obtained ", "Obtained by ", "Obtained by Jane Doe and ", "translated, ", "tłum. "),
        *("Translated for A ", "Translated from Russian ", "Jane Doe, ", "with the generous "),
        *("Published in ", "oprac. i ", "z ros. ", "made possible with support from ", "of the "),
    ],
)
def test_a_long_line_takes_no_longer_for_each_of_its_letters(unit: str) -> None:
    long = ("Translated by " + unit * 10_000)[:10_000]
    started = time.process_time()
    parse_credit(long)
    split_credit(long)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "line", ["not translated by Jane Doe", "To be translated by Jane Doe", "nie tłum. Jan Nowak"]
)
def test_what_was_not_done_names_nobody(line: str) -> None:
    assert parse_line(line).agents == ()


@pytest.mark.parametrize("credit", ["[Translated by Jordan Baev]", "Credits: Edited by Jan Łoś"])
def test_what_stands_before_the_first_act_goes_with_the_credit(credit: str) -> None:
    assert split_credit(f"AMSZ, 30/87, w. 5. {credit}") == ("AMSZ, 30/87, w. 5.", credit)
