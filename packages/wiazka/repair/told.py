"""What was mended, as the ledger keeps it."""

import json
from collections.abc import Sequence

from wiazka.repair.model import Fix

# In one event; what was kept of the rest is under its own key in aside/, or an older version.
_NAMED = 1000


def counted(fixes: Sequence[Fix]) -> str:
    """How many files, in words."""
    return "1 file" if len(fixes) == 1 else f"{len(fixes)} files"


def origins(fixes: Sequence[Fix]) -> str:
    """The stores that the sound bytes of files are from, in words."""
    stores = sorted({str(fix.source) for fix in fixes if not fix.past})
    if any(fix.past for fix in fixes):
        stores.append("earlier versions of the objects themselves")
    return ", ".join(stores)


def told(fixes: Sequence[Fix]) -> str:
    """Files for an event's detail, as JSON; those that nothing was lost of may be left out."""
    named = sorted(fixes, key=lambda fix: fix.kept is None)[:_NAMED]
    return json.dumps(
        [
            {
                "path": fix.path,
                "outcome": fix.outcome,
                "expected": fix.expected,
                "observed": fix.observed,
                "from": fix.origin or None,
                "kept": fix.kept,
            }
            for fix in named
        ],
        ensure_ascii=False,
        sort_keys=True,
    )
