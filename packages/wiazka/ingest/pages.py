"""The pictures of a submission: its pages in a strip, and the scans that problems name."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from wiazka.intake.model import FileRole, SourceFile, Submission
from wiazka.picture import LONG_SIDE
from wiazka.problem_kinds import PAGE_MISSING, Severity
from wiazka.record.model import Page, PagePart
from wiazka.report.model import PageText, ShownPage, Thumbnail
from wiazka.report.strip import StripSize, strip_size
from wiazka.report.thumbnail import smaller, thumbnail

_FIRST = 6
_NAMED = 4
_NAMED_SIDE = 240
# Drawing a page of a PDF takes as long as opening a scan: of one with hundreds, the first few.
_DRAWN_LATER = 24
_WIDEST_GAP = 20
_GAPS = PAGE_MISSING.code
_TEXTS = (FileRole.TRANSCRIPTION, FileRole.TRANSLATION)


def first_scans(submission: Submission) -> tuple[Thumbnail, ...]:
    """The first scans, of a document whose pages are not known; of others the very first."""
    scans = [file for file in submission.files if file.role is FileRole.SCAN]
    most = 1 if submission.pages else _FIRST
    pictures = ((scan.path.name, _picture(scan)) for scan in scans[:most])
    return tuple(Thumbnail(name, data) for name, data in pictures if data)


def named_scans(submission: Submission) -> tuple[Thumbnail, ...]:
    """Small pictures of the scans that problems name, where they can be drawn."""
    files = {file.name: file for file in submission.files}
    worst = {p.path: p.severity for p in reversed(submission.problems)}
    pictures: list[Thumbnail] = []
    for name, severity in reversed(worst.items()):
        file = files.get(name)
        if file is None or len(pictures) == _NAMED:
            continue
        # What has errors was perhaps not opened at all: only what the intake itself has drawn.
        drawn = file.seen.thumbnail if severity is Severity.ERROR else _picture(file)
        if drawn:
            pictures.append(Thumbnail(name, smaller(drawn, _NAMED_SIDE)))
    return tuple(pictures)


def shown_pages(submission: Submission) -> tuple[ShownPage, ...]:
    """The pages as the receipt draws them, gaps among them."""
    files = {file.bag_path: file for file in submission.files}
    pages = tuple(_with_gaps(submission))
    size = strip_size(len(pages))
    seen: set[str] = set()
    return tuple(
        _shown(page, files, size, seen, number) for number, page in enumerate(pages, start=1)
    )


def _with_gaps(submission: Submission) -> Iterator[Page]:
    """The pages, and one without files for each number that is told to be missing."""
    pages = submission.pages
    told = {p.code for p in submission.problems} | {one.code for one in submission.accepted}
    yield from pages[:1]
    for before, page in pairwise(pages):
        first, last = before.number, page.number
        if _GAPS in told and first is not None and last is not None:
            width = max(len(_digits(before.label)), 1)
            missing = range(first + 1, last)
            for number in missing if len(missing) <= _WIDEST_GAP else ():
                yield Page(label=f"{number:0{width}}", number=number)
        yield page


def _digits(label: str) -> str:
    return "".join(sign for sign in label if sign.isdigit())


def _shown(
    page: Page, files: Mapping[str, SourceFile], size: StripSize, seen: set[str], number: int
) -> ShownPage:
    scan = next((part for part in page.parts if part.role not in _TEXTS), None)
    file = files.get(scan.path) if scan else None
    picture = None
    if scan and file and number <= size.most:
        picture = _part_picture(file, scan, size.long_side, number)
    texts = [part for part in page.parts if part.role in _TEXTS]
    return ShownPage(
        page.label,
        picture,
        file.name if file else None,
        tuple(_text(part, files, seen) for part in texts),
        missing=not page.parts,
    )


def _text(part: PagePart, files: Mapping[str, SourceFile], seen: set[str]) -> PageText:
    file = files.get(part.path)
    # A file of several pages begins on the first of them only.
    begins = part.path not in seen and part.page in (None, 1)
    seen.add(part.path)
    opening = (file.seen.text or "") if file and begins else ""
    name = file.name if file else part.path
    return PageText(name, part.role, part.language, opening)


def _part_picture(file: SourceFile, part: PagePart, long_side: int, number: int) -> bytes | None:
    if part.page in (None, 1):
        drawn = _picture(file, long_side)
        return smaller(drawn, long_side) if drawn else None
    if number > _DRAWN_LATER:
        return None
    return thumbnail(file.path, file.technical.mime, page=part.page or 1, long_side=long_side)


def _picture(file: SourceFile, long_side: int = LONG_SIDE) -> bytes | None:
    drawn = file.seen.thumbnail
    return drawn or thumbnail(file.path, file.technical.mime, long_side=long_side)
