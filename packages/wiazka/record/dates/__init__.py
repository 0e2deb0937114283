"""Document dates: as printed, and as EDTF (ISO 8601-2:2019)."""

from wiazka.record.dates.agree import disagreeing, disagreements, folder_date
from wiazka.record.dates.document import DATE_PLACES, DatesReading, read_beside, read_dates
from wiazka.record.dates.found import dates_in, letterhead
from wiazka.record.dates.reader import ProvenOrder
from wiazka.record.dates.reading import DateReading, proven_order, read_date

__all__ = [
    "DATE_PLACES",
    "DateReading",
    "DatesReading",
    "ProvenOrder",
    "dates_in",
    "disagreeing",
    "disagreements",
    "folder_date",
    "letterhead",
    "proven_order",
    "read_beside",
    "read_date",
    "read_dates",
]
