"""The receipt as a page and as plain text."""

from collections.abc import Callable, Iterable

from wiazka.phrase import say
from wiazka.record.model import Record
from wiazka.report.model import Receipt, ShownPage
from wiazka.report.page import render
from wiazka.report.problems import by_weight
from wiazka.report.strip import page_texts, strip_size
from wiazka.report.words import (
    CHECKS,
    GRADES,
    OUTCOMES_OF_CHECKS,
    SEVERITIES,
    accepted_in_words,
    agents_in_words,
    file_in_words,
    held_as,
    is_missing,
    place,
    size_in_words,
    source_in_words,
    spoken,
    technical_in_words,
    text_language,
    time_in_words,
    wrapped,
    written_by,
)
from wiazka.settings import Archive

Say = Callable[[str], str]

# Babel finds no sentence within an f-string.
_RECEIPT = say("Receipt")
_KEPT_AS = say("Kept as")
_REGISTERED = say("Registered")
_TO_DO = say("What to do:")
_FILES = say("Files")


def receipt_html(receipt: Receipt, lang: str = "en") -> str:
    """The receipt as one HTML page that needs nothing beside it. Write it as UTF-8."""
    return render(
        "receipt.html.j2",
        receipt.archive,
        lang,
        receipt=receipt,
        record=receipt.record or Record(),
        problems=by_weight(receipt.problems),
        strip=strip_size(len(receipt.pages)),
    )


def receipt_text(receipt: Receipt, lang: str = "en") -> str:
    """The same facts as plain text. Write it as UTF-8."""
    record = receipt.record or Record()
    said = spoken(lang)
    sections = [
        [receipt.archive.name.upper(), *_contact(receipt.archive)],
        _state(receipt, said),
        _document(receipt, record, said),
        _provenance(record, said),
        _proof(receipt, said),
        _problems(receipt, said),
        _accepted(receipt, said),
        _pages(receipt.pages, said),
        _files(receipt, record, said),
        _left_out(receipt, said),
        _checks(receipt, said),
        [
            said(
                say(
                    "Delivery {delivery}, folder {folder}",
                    delivery=receipt.delivery,
                    folder=receipt.folder,
                )
            ),
            said(written_by(receipt.agent, receipt.issued_at)),
        ],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _heading(text: str, said: Say) -> str:
    return said(text).upper()


def _labelled(label: str, value: str, said: Say) -> str:
    return wrapped(f"{said(label)}: {said(value)}", "    ", "  ")


def _contact(archive: Archive) -> list[str]:
    ways = (archive.address, archive.contact_name, archive.contact_email, archive.contact_phone)
    return [way for way in ways if way]


def _state(receipt: Receipt, said: Say) -> list[str]:
    held = receipt.same_as and held_as(receipt.same_as)
    sentences = (receipt.cause, held, receipt.next)
    return [
        f"{_heading(_RECEIPT, said)}: {said(receipt.headline)}",
        *(wrapped(said(sentence)) for sentence in sentences if sentence),
    ]


def _document(receipt: Receipt, record: Record, said: Say) -> list[str]:
    date = record.date
    lines = [wrapped(receipt.title)]
    if date:
        edtf = f" ({date.edtf})" if date.edtf and date.edtf != date.verbatim else ""
        lines.append(f"{date.verbatim}{edtf}")
    if receipt.kept_as:
        lines.append(f"{said(_KEPT_AS)}: {said(receipt.kept_as)}")
    if receipt.registered_at:
        lines.append(f"{said(_REGISTERED)}: {said(time_in_words(receipt.registered_at))}")
    if receipt.content_digest:
        label = said(say("Digest of the whole content (SHA-256):"))
        lines += [label, f"  {receipt.content_digest}"]
    if receipt.changed:
        lines.append(said(say("New in this version:")))
        lines += [wrapped(said(change), "    ", "  - ") for change in receipt.changed]
    if record.summary:
        lines += ["", wrapped(record.summary)]
    return lines


def _provenance(record: Record, said: Say) -> list[str]:
    lines = []
    for source in record.sources:
        lines.append(wrapped(f"“{source.verbatim}”"))
        lines += [_labelled(label, value, said) for label, value in source_in_words(source)]
    if record.no_source_reason:
        lines.append(_labelled(say("Source unknown"), record.no_source_reason, said))
    if record.credit:
        lines.append(wrapped(f"“{record.credit}”"))
    lines += [wrapped(f"“{line}”") for line in record.support]
    lines += [
        _labelled(heading, ", ".join(map(said, names)), said)
        for heading, names in agents_in_words(record.agents)
    ]
    lines += [_labelled(say("Mark on the leaf"), mark, said) for mark in record.registry_marks]
    lines += [
        _labelled(say("Language"), text_language(language), said) for language in record.languages
    ]
    rights = (record.rights.note, record.rights.statement)
    lines += [_labelled(say("Rights"), right, said) for right in rights if right]
    return [_heading(say("Where it comes from"), said), *lines] if lines else []


def _proof(receipt: Receipt, said: Say) -> list[str]:
    if not receipt.copies:
        return []
    lines = [_heading(say("What was proved"), said), wrapped(said(receipt.proof))]
    for copy in receipt.copies:
        proved = f"{said(GRADES[copy.grade])}, {said(time_in_words(copy.proved_at))}"
        lines.append(wrapped(f"{copy.store} ({copy.place}): {proved}", "    ", "  "))
    return lines


def _problems(receipt: Receipt, said: Say) -> list[str]:
    lines = [_heading(say("Problems"), said)] if receipt.problems else []
    for number, problem in enumerate(by_weight(receipt.problems), start=1):
        where = f"{said(place(problem))} ({said(SEVERITIES[problem.severity])})  [{problem.code}]"
        lines += [
            wrapped(where, "     ", f"{number:>3}. "),
            wrapped(said(problem.message), "     "),
            wrapped(f"{said(_TO_DO)} {said(problem.remedy)}", "     "),
        ]
    return lines


def _accepted(receipt: Receipt, said: Say) -> list[str]:
    lines = [_heading(say("Accepted as it is"), said)] if receipt.accepted else []
    for one in receipt.accepted:
        lines.append(wrapped(said(one.message), "    ", "  - "))
        lines.append(wrapped(said(accepted_in_words(one)), "    "))
    return lines


def _pages(pages: Iterable[ShownPage], said: Say) -> list[str]:
    lines = []
    for page in pages:
        named = [page.scan, *(text.name for text in page.texts)]
        files = "; ".join(name for name in named if name)
        lines.append(_labelled(page.label, files or is_missing(page.label), said))
        lines += [wrapped(said(text), "      ") for text in page_texts(page)]
    return [_heading(say("Pages"), said), *lines] if lines else []


def _files(receipt: Receipt, record: Record, said: Say) -> list[str]:
    if not record.files:
        return []
    lines = [f"{_heading(_FILES, said)}: {said(receipt.contents)}"]
    for file in record.files:
        lines += [
            f"  {file.path}",
            f"    {said(file_in_words(file))}, {said(size_in_words(file.size))}",
        ]
        if technical := technical_in_words(file):
            lines.append(f"    {said(technical)}")
        lines.append(f"    sha256 {file.sha256}")
    return lines


def _left_out(receipt: Receipt, said: Say) -> list[str]:
    lines = [
        wrapped(f"{left.name} ({said(left.reason)})", "    ", "  ") for left in receipt.left_out
    ]
    return [_heading(say("Left out"), said), *lines] if lines else []


def _checks(receipt: Receipt, said: Say) -> list[str]:
    lines = []
    for check in receipt.checks:
        outcome = said(OUTCOMES_OF_CHECKS[check.outcome])
        label = f"{said(CHECKS.get(check.event, check.event))} ({outcome})"
        by = f" [{', '.join(check.agents)}]" if check.agents else ""
        lines.append(_labelled(label, f"{said(check.detail)}{by}", said))
    return [_heading(say("What was checked"), said), *lines] if lines else []
