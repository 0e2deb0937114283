"""What can be wrong with what is handed over: a *Problem* is the producer's to mend.

It carries a code, a message and what to do. Every code is explained in ``docs/problems.md``; a test
holds that page and this list together.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from wiazka.phrase import Phrase, say


class Severity(StrEnum):
    """How much a problem matters: an error refuses the submission, the others travel with it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a submission: where, what, and how to mend it.

    ``path`` is relative to the submission's folder ("" for the folder itself); ``field`` names the
    key of the record or the line of a sidecar it is about.
    """

    code: str
    severity: Severity
    path: str
    field: str | None
    message: str
    remedy: str

    def under(self, folder: str) -> "Problem":
        """The same problem, its path seen from the folder above."""
        return replace(self, path=f"{folder}/{self.path}" if self.path else folder)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem; ``meaning`` is the line the documentation gives for its code.

    ``fixed``: whether its severity is not the archive's to choose, because nothing could be stored
    that can be relied on, or because it passes by itself.
    """

    code: str
    severity: Severity
    meaning: Phrase
    fixed: bool = False

    def at(self, path: str, message: str, remedy: str, *, field: str | None = None) -> Problem:
        """A problem of this kind at one place."""
        return Problem(self.code, self.severity, path, field, message, remedy)


PROBLEM_KINDS: dict[str, ProblemKind] = {}


def _kind(code: str, severity: Severity, meaning: str, *, fixed: bool = False) -> ProblemKind:
    # The translation is collected from the calls of this function (tests/messages.py).
    kind = ProblemKind(code, severity, say(meaning), fixed)
    PROBLEM_KINDS[code] = kind
    return kind


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# The hand-over as a whole
NOT_SETTLED = _kind(
    "not-settled", _N, "Something in the delivery changed a short while ago.", fixed=True
)
OPEN_ELSEWHERE = _kind(
    "open-elsewhere", _N, "A lock file shows that somebody is editing.", fixed=True
)
LOOSE_FILE = _kind("loose-file", _E, "A file beside the documents' folders, in none of them.")
IN_PROGRESS = _kind("in-progress", _N, "Another run is ingesting this submission now.", fixed=True)
PLACEHOLDER = _kind(
    "placeholder", _N, "A file whose bytes are still somewhere in a cloud.", fixed=True
)
CHANGED_WHILE_READ = _kind(
    "changed-while-read",
    _N,
    "A file changed, came or went while the folder was being read.",
    fixed=True,
)
EMPTY_SUBMISSION = _kind("empty-submission", _E, "The folder holds no document files.", fixed=True)
COPY_LEFT_OUT = _kind("copy-left-out", _N, "A copy of a file beside it, byte for byte the same.")
CONFLICT_COPY = _kind("conflict-copy", _E, "A copy of a file beside it that differs from it.")

# Names and files
NAME_UNSAFE = _kind(
    "name-unsafe", _E, "A path that leads out of the folder that names it.", fixed=True
)
NAME_CHANGED = _kind("name-changed", _W, "A name that no bag holds safely; kept under another.")
NAME_NOT_PORTABLE = _kind(
    "name-not-portable", _W, "A name that Windows cannot have; kept as it is."
)
NAME_TOO_LONG = _kind(
    "name-too-long", _E, "A path that is longer than a store can keep.", fixed=True
)
NAME_TWINS = _kind(
    "name-twins", _E, "Two file names differ only in accents' encoding or case.", fixed=True
)
SYMLINK = _kind("symlink", _E, "A symbolic link where a file was expected.", fixed=True)
SPECIAL_FILE = _kind("special-file", _E, "Neither a file nor a folder.", fixed=True)
UNREADABLE_FILE = _kind("unreadable-file", _E, "A file could not be read.", fixed=True)
EMPTY_FILE = _kind("empty-file", _E, "A file of 0 bytes.", fixed=True)
DAMAGED_FILE = _kind("damaged-file", _E, "A file does not open: damaged or cut off.", fixed=True)
ROLE_GUESSED = _kind("role-guessed", _W, "A file's role was taken from its type, not its folder.")
FORMAT_UNEXPECTED = _kind("format-unexpected", _W, "A format that is not expected in this folder.")
FORMAT_REFUSED = _kind("format-refused", _E, "A format that this archive does not take.")
EXTENSION_DIFFERS = _kind("extension-differs", _W, "A name that ends as that of another format.")
BOMB = _kind("bomb", _E, "A file that would become far too large when it is opened.", fixed=True)
XML_ENTITIES = _kind(
    "xml-entities", _E, "XML that defines entities, which can do harm.", fixed=True
)
PDF_RESTRICTED = _kind("pdf-restricted", _W, "An encrypted PDF that opens without a password.")
PDF_REBUILT = _kind("pdf-rebuilt", _W, "A PDF whose table of objects is not where it says.")
LANGUAGE_DIFFERS = _kind(
    "language-differs", _W, "A text that is not in the language of its folder."
)

# Delivered checksums
CHECKSUM_MISMATCH = _kind(
    "checksum-mismatch", _E, "A file differs from its delivered checksum.", fixed=True
)
CHECKSUM_FILE_MISSING = _kind("checksum-file-missing", _E, "A delivered checksum has no file.")
CHECKSUM_UNREADABLE = _kind(
    "checksum-unreadable", _E, "A checksum file has a line that is none.", fixed=True
)
CHECKSUM_NOT_LISTED = _kind("checksum-not-listed", _W, "A file has no line in the checksum file.")
CHECKSUM_NAME_FORM = _kind(
    "checksum-name-form", _N, "A checksum file encodes the accents of a name in another way."
)

# What is held already
ALREADY_HELD = _kind("already-held", _N, "The very same document is held; nothing is stored.")
SAME_CONTENT = _kind("same-content", _N, "The same content is held under another name.")
NEW_VERSION = _kind("new-version", _N, "A document that is held comes again, with changes.")
NEW_VERSION_RENAMED = _kind(
    "new-version-renamed", _W, "A new version comes in a folder of another name than the last one."
)
IDENTITY_TWICE = _kind(
    "identity-twice",
    _E,
    "Two documents of one delivery would be one and the same package.",
    fixed=True,
)
DEACCESSIONED = _kind("deaccessioned", _W, "A document that was deaccessioned comes again.")
MAYBE_HELD = _kind("maybe-held", _W, "Another package has the same signature and date.")

# Pages
PAGE_MISSING = _kind("page-missing", _W, "A number is missing in a numbered series of pages.")
VERSO_MISSING = _kind("verso-missing", _W, "A leaf has one side, where the others have both.")
PAGES_DIFFER = _kind("pages-differ", _W, "Scans and texts are not of the same pages.")
IMAGE_NOT_THERE = _kind("image-not-there", _W, "A text names an image that is not among the scans.")
SCAN_TWICE = _kind("scan-twice", _W, "The same scan is there twice, to the last byte.")
SCANS_ALIKE = _kind("scans-alike", _W, "Two scans look like the same page.")
PAGE_MARKS_DIFFER = _kind("page-marks-differ", _W, "A text says it is of another page's scan.")
PAGE_REASON_ABSENT = _kind("page-reason-absent", _W, "Pages are said to be missing, but not why.")
PAGE_LIST_INVALID = _kind("page-list-invalid", _W, "The record lists pages that are not so.")

# Packed files (zip, tar)
ARCHIVE_NOT_TAKEN = _kind(
    "archive-not-taken", _E, "A packed file of a kind that is not opened.", fixed=True
)
ARCHIVE_DAMAGED = _kind(
    "archive-damaged", _E, "A zip or tar file does not open to its end.", fixed=True
)
ARCHIVE_ENCRYPTED = _kind(
    "archive-encrypted", _E, "A zip file that is locked with a password.", fixed=True
)
ARCHIVE_UNSAFE = _kind(
    "archive-unsafe", _E, "A zip or tar file holds what no folder could hold.", fixed=True
)
ARCHIVE_TOO_LARGE = _kind(
    "archive-too-large", _E, "A zip or tar file unpacks to more than is let.", fixed=True
)
ARCHIVE_SEVERAL = _kind(
    "archive-several", _E, "A zip or tar file of more than one document.", fixed=True
)
ARCHIVE_NAMES = _kind("archive-names", _W, "Names in a zip file whose encoding was assumed.")

# Delivered bags (RFC 8493)
BAG_DECLARATION = _kind(
    "bag-declaration", _E, "A bag's bagit.txt is not as RFC 8493 has it.", fixed=True
)
BAG_LINE = _kind("bag-line", _E, "A line of a bag's manifest or tag file that is none.", fixed=True)
BAG_MANIFEST_MISSING = _kind(
    "bag-manifest-missing", _E, "A bag without a manifest to check it by.", fixed=True
)
BAG_FILE_MISSING = _kind(
    "bag-file-missing", _E, "A bag lists a file that is not in it.", fixed=True
)
BAG_FILE_UNLISTED = _kind("bag-file-unlisted", _E, "A bag holds a file that a manifest leaves out.")
BAG_NOT_FETCHED = _kind(
    "bag-not-fetched", _E, "A bag's fetch.txt names a file not fetched yet.", fixed=True
)
BAG_OXUM = _kind("bag-oxum", _E, "A bag's Payload-Oxum is not what the bag holds.")
BAG_TAG_MANIFEST = _kind("bag-tag-manifest", _E, "A bag's tag manifest leaves a manifest out.")
BAG_TAG_UNLISTED = _kind("bag-tag-unlisted", _N, "A tag file of a bag that nothing vouches for.")
BAG_NAME_WRITTEN = _kind("bag-name-written", _N, "A bag's manifest writes a name in another way.")
BAG_ALGORITHM = _kind("bag-algorithm", _W, "A manifest of a kind of digest that is not known here.")

# The virus scan
INFECTED = _kind("infected", _E, "The virus scanner found a virus in a file.", fixed=True)
VIRUS_SCAN_PARTIAL = _kind("virus-scan-partial", _W, "A file too large for the virus scanner.")

# The record
SIDECAR_MISSING = _kind("sidecar-missing", _E, "Nothing describes the document.")
SIDECAR_UNREADABLE = _kind("sidecar-unreadable", _E, "A sidecar could not be read.", fixed=True)
ENCODING_FOUND = _kind("encoding-found", _N, "A text that is not UTF-8; its encoding was found.")
ENCODING_ASSUMED = _kind(
    "encoding-assumed", _W, "A text whose encoding could not be told for sure."
)
TEXT_GARBLED = _kind("text-garbled", _W, "Letters that were lost or garbled; kept as they are.")
TABLE_SEVERAL = _kind(
    "table-several", _E, "A records.csv and a records.xlsx in one delivery.", fixed=True
)
TABLE_NO_FOLDER = _kind("table-no-folder", _E, "A table of records without a column 'folder'.")
ROW_WITHOUT_FOLDER = _kind("row-without-folder", _E, "A row of the table names no folder there is.")
ROW_TWICE = _kind("row-twice", _E, "Two rows of the table are for one folder.", fixed=True)
ROW_UNEVEN = _kind("row-uneven", _E, "A row of the table has more cells than the headings.")
FOLDER_WITHOUT_ROW = _kind("folder-without-row", _N, "A described folder is not in the table.")
SHEET_NOT_READ = _kind("sheet-not-read", _N, "Only the first sheet of a workbook is read.")
CELL_IS_DATE = _kind("cell-is-date", _E, "A cell that the spreadsheet turned into a date.")
CELL_IS_NUMBER = _kind("cell-is-number", _W, "A cell of a signature that holds a number, not text.")
CELL_NO_VALUE = _kind("cell-no-value", _E, "A cell that holds a formula or an error, no value.")
KEY_UNKNOWN = _kind("key-unknown", _W, "A key that no field of the record has.")
KEY_TWICE = _kind("key-twice", _E, "A key that is given more than once.", fixed=True)
VALUES_DISAGREE = _kind("values-disagree", _W, "Two places say different things; both are kept.")
TITLE_MISSING = _kind("title-missing", _E, "The document has no title.")
DATE_MISSING = _kind("date-missing", _E, "The document has no date and does not say 'undated'.")
DATE_UNREADABLE = _kind("date-unreadable", _E, "The date is no date that can be understood.")
DATE_AMBIGUOUS = _kind("date-ambiguous", _W, "The date can be read in two ways.")
DATE_INFERRED = _kind("date-inferred", _N, "Something about a date was concluded, and is told.")
DATES_DISAGREE = _kind("dates-disagree", _W, "Dates that cannot all be right; all are kept.")
OTHER_DATE_UNREADABLE = _kind(
    "other-date-unreadable", _W, "A date beside the document's own that is not understood."
)
SOURCE_MISSING = _kind("source-missing", _E, "Neither a source nor a reason why it is unknown.")
SOURCE_UNPARSED = _kind("source-unparsed", _W, "A source line no grammar knows; kept as it is.")
SOURCE_NO_ARCHIVE = _kind("source-no-archive", _W, "A signature that does not name its archive.")
SOURCE_PART_TWICE = _kind("source-part-twice", _W, "A signature with two values of one part.")
SOURCE_NOT_A_SIGNATURE = _kind(
    "source-not-a-signature", _W, "A registry number stands where the signature should."
)
SOURCE_NEAR_KNOWN = _kind("source-near-known", _W, "A signature one slip away from a known one.")
CREDIT_UNPARSED = _kind("credit-unparsed", _W, "A credit line not understood; kept as it is.")
NAME_KNOWN_AS = _kind("name-known-as", _N, "A name that may be one in the list of names.")
AUTHORITY_UNKNOWN = _kind("authority-unknown", _W, "An accepted id, or its name, is not known.")
FIELD_ABSENT = _kind("field-absent", _W, "A field that a full record would have.")
LANGUAGE_UNKNOWN = _kind("language-unknown", _W, "A language that is not recognised.")
RIGHTS_UNKNOWN = _kind("rights-unknown", _W, "A rights statement or licence that does not exist.")
REVIEW_DATE_MISSING = _kind(
    "review-date-missing", _W, "A restriction that does not say when it is looked at again."
)
VALUE_INVALID = _kind("value-invalid", _E, "A value that its field cannot hold.")


# What staff let be
ACCEPTANCE_INCOMPLETE = _kind(
    "acceptance-incomplete", _W, "An acceptance without a known code, a name or a reason."
)
ACCEPTANCE_OF_ERROR = _kind("acceptance-of-error", _W, "An error that is said to be accepted.")
ACCEPTANCE_UNUSED = _kind("acceptance-unused", _N, "An acceptance of what is not wrong.")
