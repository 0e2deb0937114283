"""A record there and back through Archivematica's metadata.csv."""

import json

from hypothesis import given
from hypothesis import strategies as st

from wiazka.record.crosswalk import metadata_csv
from wiazka.record.model import FileEntry, Record
from wiazka.record.said import merge
from wiazka.record.sidecar import read_sidecar
from wiazka.record.transfer import METADATA_CSV, transfer_said

FILES = tuple(
    FileEntry(
        path=f"data/objects/scans/{name}.tif",
        role="scan",
        size=4,
        sha256="0" * 64,
        mime="image/tiff",
        delivered_as=f"scans/{name}.tif",
    )
    for name in ("0001r", "0001v")
)
# What staff could write under each key; any of it may be absent.
VALUES: dict[str, list[str | list[str]]] = {
    "title": ["Note on talks", "Notatka; z rozmów, 4 czerwca 1984 r.", "Report, “Łódź”"],
    "date": ["1984-06-04", "June 4, 1984", "10.11.1962", "undated", "ca. 1957", "1955-1956"],
    "letterhead_date": ["Warsaw 4 June 1984"],
    "received": ["5 June 1984"],
    "filed": ["1984-06-06"],
    "source": [
        "AMSZ, Department II, 30/87, w. 5.",
        "RGANI, f. 5, op. 49, d. 131, ll. 193-194. Translated by Gary Goldberg.",
        "Archiv der Träume, Regal 7",
        ["AMSZ, 30/87, w. 5", "BArch, B 136/59748, 403-410."],
    ],
    "credit": [
        "Obtained by Marek Hańderek and translated by Jerzy Giebułtowski.",
        "Obtained for NKIDP by Jakub Poprocki and translated for NKIDP by Maya Latynski.",
        "Obtained by James G. Hershberg (George Washington University).",
    ],
    "support": ["This document was made possible with support from Kyungnam University"],
    "donor": ["Anna Nowak", ["Anna Nowak", "Leon Levy Foundation"]],
    "translator": ["Jan Łoś (Troy University)", "Maya Latynski"],
    "author": ["Stefan Olszowski"],
    "registry_marks": [["D II Kor-2413-1-84", "Pf-444/D.ZSRR/84"]],
    "record_id": ["115717"],
    "uploaded": ["2023-10-05"],
    "collection": ["Korea"],
    "type": ["Report"],
    "classification": ["tajne"],
    "summary": ["About talks: Korea, trade; more."],
    "subjects": [["Korea--Foreign relations--Soviet Union", "Trade"]],
    "places": [["Warsaw", "Moskwa"]],
    "languages": [["ru (original, inferred)", "pl (working translation)", "en"], ["pl", "en"]],
    "rights": ["CNE", ["InC", "Ask the archive."]],
    "rights_holder": ["Kyungnam University"],
    "restriction": ["names a living person"],
    "review_date": ["2031-01"],
    "acquisition": ["Copied in the reading room"],
    "custodial_history": ["In the ministry until 1991"],
    "published_in": [["CWIHP Working Paper No. 45"]],
    "related": [["300640", "300642"]],
    "notes": ["Page 2 is torn"],
    "own key": ["kept: as it is"],
}
SIDECARS = st.fixed_dictionaries(
    {"title": st.sampled_from(VALUES["title"])},
    optional={key: st.sampled_from(values) for key, values in VALUES.items() if key != "title"},
)


def compared(record: Record) -> Record:
    """Without what docs/crosswalks.md lists as lost: where it was read, and its files."""
    sources = tuple(one.model_copy(update={"problems": ()}) for one in record.sources)
    agents = tuple(sorted(record.agents, key=lambda agent: (agent.role, agent.name)))
    update = {"sidecar": None, "files": (), "sources": sources, "agents": agents}
    return record.model_copy(update=update)


@given(SIDECARS)
def test_a_record_that_goes_through_metadata_csv_comes_back(given: dict[str, object]) -> None:
    record = read_sidecar("record.yaml", json.dumps(given).encode()).record
    assert record is not None
    data = metadata_csv(record.model_copy(update={"files": FILES}))
    back = merge([transfer_said(METADATA_CSV, data)]).record
    assert back is not None
    assert compared(back) == compared(record)
