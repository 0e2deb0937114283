"""The receipt as a page and as plain text."""

from wiazka.record.model import Record
from wiazka.report.model import Receipt
from wiazka.report.page import render
from wiazka.report.problems import by_weight, place
from wiazka.report.words import (
    GRADES,
    agents_in_words,
    file_in_words,
    language_in_words,
    size_in_words,
    source_in_words,
    time_in_words,
    wrapped,
)
from wiazka.settings import Archive


def receipt_html(receipt: Receipt) -> str:
    """The receipt as one HTML page that needs nothing beside it. Write it as UTF-8."""
    return render(
        "receipt.html.j2",
        receipt.archive,
        receipt=receipt,
        record=receipt.record or Record(),
        problems=by_weight(receipt.problems),
    )


def receipt_text(receipt: Receipt) -> str:
    """The same facts as plain text. Write it as UTF-8."""
    record = receipt.record or Record()
    sections = [
        [receipt.archive.name.upper(), *_contact(receipt.archive)],
        _state(receipt),
        _document(receipt, record),
        _provenance(record),
        _proof(receipt),
        _files(receipt, record),
        [f"Left out: {left.name} ({left.reason})" for left in receipt.left_out],
        _problems(receipt),
        [
            f"Delivery {receipt.delivery}, folder {receipt.folder}",
            f"Written by {receipt.agent} on {time_in_words(receipt.issued_at)}",
        ],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _contact(archive: Archive) -> list[str]:
    ways = (archive.address, archive.contact_name, archive.contact_email, archive.contact_phone)
    return [way for way in ways if way]


def _state(receipt: Receipt) -> list[str]:
    sentences = (receipt.cause, receipt.same_as and f"Held as {receipt.same_as}.", receipt.next)
    return [
        f"RECEIPT: {receipt.headline}",
        *(wrapped(sentence) for sentence in sentences if sentence),
    ]


def _document(receipt: Receipt, record: Record) -> list[str]:
    date = record.date
    lines = [wrapped(receipt.title)]
    if date:
        edtf = f" ({date.edtf})" if date.edtf and date.edtf != date.verbatim else ""
        lines.append(f"{date.verbatim}{edtf}")
    if receipt.identity:
        version = f", version {receipt.version}" if receipt.version else ""
        lines.append(f"Identity: {receipt.identity}{version}")
    if receipt.registered_at:
        lines.append(f"Registered: {time_in_words(receipt.registered_at)}")
    if receipt.content_digest:
        lines += ["Digest of the whole content (SHA-256):", f"  {receipt.content_digest}"]
    if receipt.changed:
        lines.append(wrapped(f"New in this version: {receipt.changed}"))
    if record.summary:
        lines += ["", wrapped(record.summary)]
    return lines


def _provenance(record: Record) -> list[str]:
    lines = []
    for source in record.sources:
        lines.append(wrapped(f"“{source.verbatim}”"))
        lines += [f"  {label}: {value}" for label, value in source_in_words(source)]
    if record.no_source_reason:
        lines.append(wrapped(f"Source unknown: {record.no_source_reason}"))
    if record.credit:
        lines.append(wrapped(f"“{record.credit}”"))
    lines += [wrapped(f"“{line}”") for line in record.support]
    lines += [
        wrapped(f"{heading}: {', '.join(names)}", "    ", "  ")
        for heading, names in agents_in_words(record.agents)
    ]
    lines += [f"  Mark on the leaf: {mark}" for mark in record.registry_marks]
    lines += [
        f"  Language: {language_in_words(language.tag)} ({language.role})"
        for language in record.languages
    ]
    rights = (record.rights.note, record.rights.statement)
    lines += [wrapped(f"Rights: {right}", "    ", "  ") for right in rights if right]
    return ["PROVENANCE", *lines] if lines else []


def _proof(receipt: Receipt) -> list[str]:
    if not receipt.copies:
        return []
    lines = ["WHAT WAS PROVED", wrapped(receipt.proof)]
    for copy in receipt.copies:
        proved = f"{GRADES[copy.grade]}, {time_in_words(copy.proved_at)}"
        lines.append(wrapped(f"{copy.store} ({copy.place}): {proved}", "    ", "  "))
    return lines


def _files(receipt: Receipt, record: Record) -> list[str]:
    if not record.files:
        return []
    lines = [f"FILES: {receipt.contents}"]
    for file in record.files:
        lines += [
            f"  {file.path}",
            f"    {file_in_words(file)}, {size_in_words(file.size)}",
            f"    sha256 {file.sha256}",
        ]
    return lines


def _problems(receipt: Receipt) -> list[str]:
    lines = ["PROBLEMS"] if receipt.problems else []
    for number, problem in enumerate(by_weight(receipt.problems), start=1):
        lines += [
            wrapped(f"{place(problem)} ({problem.severity})", "     ", f"{number:>3}. "),
            wrapped(problem.message, "     "),
            wrapped(f"To mend: {problem.remedy}", "     "),
        ]
    return lines
