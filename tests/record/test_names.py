"""The archive's own list of names: proposed, accepted by staff, never merged."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import House
from wiazka.errors import ConfigError
from wiazka.record.acceptance import with_authorities
from wiazka.record.agents_file import read_agents
from wiazka.record.authority import Authorities, Authority, propose
from wiazka.record.model import Record, Role
from wiazka.record.names import agent
from wiazka.record.sidecar import read_sidecar
from wiazka.settings import config_dir, load

HEAD = "id,preferred,variants,kind,viaf,wikidata\n"
ROWS = Authorities(
    [
        Authority(
            "gnoinska-margaret",
            "Margaret K. Gnoinska",
            "person",
            ("Gnoińska, Małgorzata",),
        ),
        Authority("szalontai-balazs", "Balázs Szalontai", "person"),
        Authority("radchenko-sergey", "Sergey Radchenko", "person"),
        Authority("kowalska-anna", "Anna Kowalska", "person"),
        Authority("kowalska-alina", "Alina Kowalska", "person"),
        Authority("henry-thomas", "Thomas Henry", "person"),
        Authority("marian-nowak", "Marian Nowak", "person"),
        Authority("nsa", "National Security Archive", "organisation", ("NSA",)),
    ]
)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Margaret K. Gnoinska", "gnoinska-margaret"),
        ("Margaret Gnoinska", "gnoinska-margaret"),
        ("Margaret Gnoińska", "gnoinska-margaret"),
        ("M. K. Gnoinska", "gnoinska-margaret"),
        ("M. Gnoinska", "gnoinska-margaret"),
        ("Małgorzata Gnoińska", "gnoinska-margaret"),
        ("Gnoińska Małgorzata", "gnoinska-margaret"),
        ("Gnoinska, Margaret", "gnoinska-margaret"),
        ("Balazs Szalontai", "szalontai-balazs"),
        ("BALÁZS SZALONTAI", "szalontai-balazs"),
        ("Sergei Radchenko", "radchenko-sergey"),
        ("Anna Maria Kowalska", "kowalska-anna"),
    ],
)
def test_a_variant_is_proposed(name: str, identifier: str) -> None:
    found = propose(name, ROWS)
    assert found is not None
    assert found.authority.id == identifier


@pytest.mark.parametrize(
    "name",
    [
        "Margaret L. Gnoinska",
        "Margaret Gnoinski",
        "Gnoinska",
        "A. Kowalska",
        "Henry Thomas",
        "Maria Nowak",
        "Barbara Kowalska",
        "National Security Archive",
        "",
    ],
)
def test_nobody_is_proposed_where_the_likeness_is_not_enough(name: str) -> None:
    assert propose(name, ROWS) is None


def test_an_organisation_is_proposed_for_a_slip_of_one_letter() -> None:
    found = propose("the National Security Archives", ROWS, "organisation")
    assert found is not None
    assert found.authority.id == "nsa"
    assert propose("National Archive", ROWS, "organisation") is None


@given(st.text(max_size=60))
def test_any_name_can_be_looked_up(name: str) -> None:
    propose(name, ROWS)
    propose(name, ROWS, "organisation")


def record_of(text: str) -> Record:
    record = read_sidecar("record.yaml", text.encode()).record
    assert record is not None
    return record


def test_a_proposal_is_a_note_that_says_what_to_write_and_changes_nothing() -> None:
    record = record_of('credit: "Obtained and translated by Margaret Gnoinska."\n')
    after, problems = with_authorities(record, ROWS)
    assert after == record
    [problem] = problems
    assert (problem.code, problem.severity) == ("name-known-as", "note")
    assert "Margaret K. Gnoinska (gnoinska-margaret)" in problem.message
    assert 'obtained_by: "Margaret Gnoinska [gnoinska-margaret]"' in problem.remedy


@pytest.mark.parametrize(
    "accepted",
    [
        "translator: Margaret Gnoinska [gnoinska-margaret]\n",
        'translator: ["Margaret Gnoinska (Troy University) [gnoinska-margaret]"]\n',
        "authorities: Margaret Gnoinska = gnoinska-margaret\n",
        "authorities: [Margaret  Gnoinska=gnoinska-margaret]\n",
    ],
)
def test_an_accepted_id_stands_beside_the_name_as_given(accepted: str) -> None:
    record = record_of('credit: "Translated by Margaret Gnoinska."\n' + accepted)
    after, problems = with_authorities(record, ROWS)
    [translator] = after.agents_in(Role.TRANSLATOR)
    assert (translator.name, translator.authority) == ("Margaret Gnoinska", "gnoinska-margaret")
    assert problems == ()


@pytest.mark.parametrize(
    "accepted",
    [
        "translator: Margaret Gnoinska [gnoinska-margret]\n",
        "translator: Margaret Gnoinska\nauthorities: Margaret Gnoinska = gnoinska-margret\n",
    ],
)
def test_an_unknown_id_is_not_used_but_kept_with_the_nearest_one_named(accepted: str) -> None:
    after, problems = with_authorities(record_of(accepted), ROWS)
    assert [one.authority for one in after.agents] == [None]
    assert after.extra["authorities"] == "Margaret Gnoinska = gnoinska-margret"
    [problem] = problems
    assert (problem.code, problem.path) == ("authority-unknown", "record.yaml")
    assert "gnoinska-margaret" in problem.remedy


@pytest.mark.parametrize("wrong", ["Nobody Here = nsa", "Margaret Gnoinska", "= nsa", "a = b = c"])
def test_an_acceptance_of_nobody_is_a_warning(wrong: str) -> None:
    record = record_of(f"translator: Jan Łoś\nauthorities: '{wrong}'\n")
    _, problems = with_authorities(record, ROWS)
    assert [problem.code for problem in problems] == ["authority-unknown"]


def test_without_a_list_an_id_is_told_to_be_unknown() -> None:
    record = record_of("translator: Jane Doe [sic]\n")
    after, [problem] = with_authorities(record, Authorities())
    assert [one.authority for one in after.agents] == [None]
    assert "record.agents" in problem.remedy


@pytest.mark.parametrize("name", ["Jane Doe [Roe]", "[nsa]", "Jane Doe []", "Jane Doe"])
def test_brackets_that_hold_no_id_belong_to_the_name(name: str) -> None:
    assert (agent(name, Role.DONOR).name, agent(name, Role.DONOR).authority) == (name, None)


def test_a_list_is_read_with_its_comments_and_quotation_marks(tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    row = 'gnoinska,Margaret K. Gnoinska,"Gnoińska, Małgorzata;M. Gnoinska",person,123,Q5\n'
    path.write_text("\ufeff# ours\n\n" + HEAD + row, "utf-8")
    [read] = read_agents(path).rows
    assert read.variants == ("Gnoińska, Małgorzata", "M. Gnoinska")
    assert (read.viaf, read.wikidata) == ("123", "Q5")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (HEAD + "a b,Anna,,person,,\n", "row 2, column id"),
        (HEAD + "a,,,person,,\n", "row 2, column preferred"),
        (HEAD + "# x\na,Anna,,human,,\n", "row 3, column kind"),
        (HEAD + "a,Anna,,person,12x,\n", "row 2, column viaf"),
        (HEAD + "a,Anna,,person,,5\n", "row 2, column wikidata"),
        (HEAD + "a,Anna,,person,,\na,Alina,,person,,\n", "row 3, column id"),
        (HEAD + "a,Anna,person,,\n", "row 2, all columns: there are 5 cells"),
        (HEAD + 'a,"Anna,,person,,\n', "row 2, all columns: a quotation mark"),
        ("id;preferred;variants;kind;viaf;wikidata\n", "row 1: the columns are"),
    ],
)
def test_a_fault_in_the_list_names_file_row_and_column(
    tmp_path: Path, text: str, where: str
) -> None:
    path = tmp_path / "agents.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        read_agents(path)
    assert str(path) in raised.value.message
    assert where in raised.value.message
    assert raised.value.hint


def test_all_faults_of_the_list_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    path.write_text(HEAD + "A,Anna,,person,,\nb,,,person,,\n", "utf-8")
    with pytest.raises(ConfigError, match=r"(?s)row 2, column id.*row 3, column preferred"):
        read_agents(path)


@pytest.mark.parametrize("data", [None, b"id\xff\n"])
def test_a_list_that_cannot_be_read_is_the_admins_to_mend(
    tmp_path: Path, data: bytes | None
) -> None:
    path = tmp_path / "agents.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigError, match="The list of names"):
        read_agents(path)


def test_a_list_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    path.write_text(HEAD, "utf-8")
    assert read_agents(path).rows == ()
    path.write_text(HEAD + "a,Anna,,person,,\n", "utf-8")
    assert len(read_agents(path).rows) == 1


def test_check_tells_whom_the_list_knows(make_house: Callable[[str], House]) -> None:
    house = make_house('[record]\nagents = "agents.csv"\n')
    row = "giebultowski-jerzy,Jerzy W. Giebułtowski,,person,,\n"
    (house.path / "agents.csv").write_text(HEAD + row, "utf-8")
    house.submission("note")
    told = house.run("check", "--json", str(house.inbox))
    assert "name-known-as" in told.stdout
    assert "giebultowski-jerzy" in told.stdout
    assert told.returncode == 0
    (house.path / "agents.csv").write_text("id\n", "utf-8")
    assert house.run("check", str(house.inbox)).returncode == 2


def test_the_list_that_comes_with_wiazka_is_sound_and_names_nobody() -> None:
    assert read_agents(config_dir() / "agents.csv").rows == ()


def test_the_place_of_the_list_starts_at_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "wiazka.toml"
    config.write_text('[record]\nagents = "names/agents.csv"\n', "utf-8")
    assert load(config).record.agents == tmp_path / "names/agents.csv"
