"""Document dates: as printed, and as EDTF (ISO 8601-2:2019)."""

from wiazka.record.dates.reading import DateReading, ProvenOrder, proven_order, read_date

__all__ = ["DateReading", "ProvenOrder", "proven_order", "read_date"]
