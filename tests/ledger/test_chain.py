"""The text of an event that is hashed, whichever way it is made."""

import json
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from wiazka.catalogue.chain import Link, canonical, digest, link_of_line

TEXTS = st.text(st.characters(codec="utf-8"))
LINKS = st.builds(
    Link,
    seq=st.integers(),
    at=TEXTS,
    kind=TEXTS,
    outcome=TEXTS,
    identity=st.none() | TEXTS,
    version=st.none() | st.integers(),
    store=st.none() | TEXTS,
    agent=TEXTS,
    sentence=TEXTS,
    detail=st.dictionaries(TEXTS, TEXTS).map(canonical),
    previous=TEXTS,
    hash=st.just(""),
)


def hashed(link: Link) -> Link:
    fields = asdict(link)
    del fields["hash"]
    return replace(link, hash=digest(fields))


@given(LINKS)
def test_the_line_of_an_event_is_what_json_makes_of_it(bare: Link) -> None:
    assert bare.intact_line is None
    link = hashed(bare)
    whole = {**asdict(link), "detail": json.loads(link.detail)}
    line = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert link.line == line
    assert link.intact_line == line.encode()
    assert link_of_line(line.encode()) == link


def test_a_value_of_another_type_is_not_what_was_written() -> None:
    link = hashed(Link(1, "", "", "", None, None, None, "", "", "{}", "", ""))
    assert link.is_intact
    # What a database without strict types may hold, and would be written alike.
    assert not replace(link, version="null").is_intact  # type: ignore[arg-type]
    assert not replace(link, seq="1").is_intact  # type: ignore[arg-type]
    assert not replace(link, store=0).is_intact  # type: ignore[arg-type]
    assert not replace(link, detail="{} ").is_intact
    assert not replace(link, sentence="\udc80").is_intact
