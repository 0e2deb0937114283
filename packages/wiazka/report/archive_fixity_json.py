"""The fixity of a whole archive for programs: docs/reports.md tells the shape."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from wiazka.report.proving import ArchiveFixity


def archive_fixity_json(report: ArchiveFixity) -> str:
    """All facts of the page. Times are UTC, spans are days, sizes are bytes, costs are EUR."""
    whole = {
        "made_at": report.made_at,
        "agent": report.agent,
        "archive": report.archive.name,
        "packages": report.packages,
        "copies": report.copies,
        "bytes": report.bytes,
        "stores": [asdict(one) for one in report.stores],
        "coverage": [asdict(one) for one in report.coverages],
        "forecast": [asdict(one) for one in report.forecasts],
        "checked": [asdict(one) for one in report.checked],
        "proved": [asdict(one) for one in report.proved],
        "incidents": [asdict(one) for one in report.incidents],
        "repairs": [{**asdict(one), "detail": dict(one.detail)} for one in report.repairs],
        "drills": [asdict(one) for one in report.drills],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=plain) + "\n"


def plain(value: object) -> str | float:
    """What JSON has no form for: times and days as ISO 8601, spans in days, money as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds() / 86_400
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not told in JSON")
