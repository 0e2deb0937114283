"""Source lines as archives print them: understood rightly or refused, never wrongly."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record.test_lines import rows
from wiazka.errors import ConfigError
from wiazka.record import grammar as grammars
from wiazka.record.grammar import PARTS, load_grammar
from wiazka.record.line import parse_line
from wiazka.record.model import Source
from wiazka.record.signature import parse_source
from wiazka.settings import config_dir

# Lines in the manner of real ones, one a row: the line, then each source it holds, as
# "scheme @ repository @ part=value | part=value", or "[refused]".
KNOWN = [
    tuple(row.split("\t"))
    for row in (Path(__file__).parent / "signatures.tsv").read_text("utf-8").splitlines()
]
LINES = [row[0] for row in KNOWN] + [row["verbatim"] for row in rows("citations.tsv")]


def parts(source: Source) -> dict[str, str]:
    found = {part: getattr(source, part) for part in PARTS if part != "folios"}
    if source.folios:
        last = f"..{source.folios.last}" if source.folios.last else ""
        found["folios"] = f"{source.folios.first}{last}"
    return {part: value for part, value in found.items() if value}


def told(source: Source) -> str:
    if source.scheme == "unparsed":
        return "[refused]"
    where = (source.repository.code or source.repository.name) if source.repository else "-"
    return f"{source.scheme} @ {where} @ " + " | ".join(
        sorted(f"{part}={value}" for part, value in parts(source).items())
    )


def ordered(expected: str) -> str:
    *head, found = expected.split(" @ ")
    return " @ ".join([*head, " | ".join(sorted(found.split(" | ")))])


@pytest.mark.parametrize(("line", "expected"), [(row[0], row[1:]) for row in KNOWN], ids=str)
def test_a_line_is_understood_as_an_archivist_would(line: str, expected: tuple[str, ...]) -> None:
    assert tuple(map(told, parse_line(line).sources)) == tuple(map(ordered, expected))


def test_at_most_one_in_ten_of_the_real_lines_is_refused() -> None:
    real = [row["verbatim"] for row in rows("citations.tsv")]
    if not real:
        pytest.skip("the shared data is not here")
    refused = [
        line for line in real if any(told(s) == "[refused]" for s in parse_line(line).sources)
    ]
    assert len(refused) * 10 <= len(real), refused


def alike(value: str) -> str:
    """A value without what a typist may vary."""
    return re.sub(r"\s", "", re.sub("[‐‑–—−]", "-", value.replace("’", "'")))


VARIATIONS = {
    "two blanks": lambda line: line.replace(" ", "  "),
    "no-break blanks": lambda line: line.replace(" ", "\u00a0"),
    "en dashes": lambda line: line.replace("-", "–"),
    "em dashes": lambda line: line.replace("-", "—"),
    "minus signs": lambda line: line.replace("-", "−"),
    "hyphens for dashes": lambda line: re.sub("[–—]", "-", line),
    "blanks about slashes": lambda line: line.replace("/", " / "),
    "blanks about dashes": lambda line: re.sub("([-–])", r" \1 ", line),
    "blanks at both ends": lambda line: f"  {line} ",
    "curly quotes": lambda line: line.replace("'", "’"),
    "blanks before commas": lambda line: line.replace(",", " ,"),
}  # fmt: skip


@pytest.mark.parametrize("how", VARIATIONS)
def test_blanks_and_dashes_never_make_a_right_part_wrong(how: str) -> None:
    wrong = [
        (line, told(source))
        for line in LINES
        for source in made_wrong(
            parse_line(line).sources, parse_line(VARIATIONS[how](line)).sources
        )
    ]
    assert wrong == []


def made_wrong(right: tuple[Source, ...], varied: tuple[Source, ...]) -> list[Source]:
    """The sources of ``varied`` that say what ``right`` does not; a refused line says nothing."""
    if any(source.scheme == "unparsed" for source in varied):
        return []
    if len(varied) != len(right):
        return list(varied)
    expected = [{part: alike(value) for part, value in parts(one).items()} for one in right]
    return [
        source
        for source, known in zip(varied, expected, strict=True)
        if any(alike(value) != known.get(part) for part, value in parts(source).items())
    ]


@given(
    st.text(max_size=80)
    | st.sampled_from(LINES).flatmap(
        lambda line: st.integers(0, len(line)).map(lambda at: line[at:] + line[:at])
    )
)
def test_any_line_gives_a_source_that_keeps_it(line: str) -> None:
    source = parse_source(line)
    assert source.verbatim == line
    assert all(alike(value) in alike(line) for value in parts(source).values() if ".." not in value)


def test_what_is_not_given_is_said_and_not_silently_absent() -> None:
    [source] = parse_line("APRF, listy 146-147, fond and opis not given").sources
    assert source.not_given == ("fonds", "series")
    assert source.folios is not None


def test_a_part_with_two_values_is_left_out_with_a_warning() -> None:
    [source] = parse_line("AVPRF F.0102. O.13 D.72 Delo 5").sources
    assert (source.fonds, source.series, source.file) == ("0102", "13", None)
    assert [problem.code for problem in source.problems] == ["source-part-twice"]
    assert "'72'" in source.problems[0].message


def test_a_registry_number_is_told_from_a_signature() -> None:
    [source] = parse_line("Pf-444/D.ZSRR/84").sources
    assert parts(source) == {}
    assert [problem.code for problem in source.problems] == ["source-not-a-signature"]
    assert "registry_marks" in source.problems[0].remedy


def test_what_a_line_says_beside_its_signature_is_kept_apart() -> None:
    line = "TsDAHOU, F. 1, Op. 25, Spr. 30, Ll. 203-209, original in Russian."
    [source] = parse_line(line).sources
    assert source.remarks == ("original in Russian",)
    assert source.file == "30"


def test_an_archivist_adds_an_archive_as_the_docs_show(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/signatures.md").read_text("utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    [line] = re.findall(r"^    wiazka parse \"(.*)\"$", page, re.MULTILINE)
    assert tomllib.loads(example)
    path = tmp_path / "archives.toml"
    ours = (config_dir() / "archives.toml").read_text("utf-8")
    path.write_text(f"{ours}\n{example}", "utf-8")
    assert parse_source(line).scheme == "unparsed"
    known = load_grammar(path)
    grammars.grammar.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wiazka.record.signature.grammar", lambda: known)
        source = parse_source(line)
    assert source.repository is not None
    assert told(source) == ("lt-lya @ LYA @ file=450 | folios=12..14 | fonds=K-1 | series=3")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('part = "shelf"\nvalue = "number"\nbare = true', "no such part"),
        ('part = "file"\nvalue = "numbr"\nbare = true', "numbr"),
        ('part = "file"\nvalue = "number"', "before"),
    ],
)
def test_a_grammar_that_cannot_be_used_is_named_with_its_fault(
    tmp_path: Path, wrong: str, said: str
) -> None:
    path = tmp_path / "archives.toml"
    ours = (config_dir() / "archives.toml").read_text("utf-8")
    path.write_text(f"{ours}\n[scheme.xx]\n[[scheme.xx.part]]\n{wrong}\n", "utf-8")
    with pytest.raises(ConfigError, match=said) as error:
        load_grammar(path)
    assert "archives.toml" in error.value.message
