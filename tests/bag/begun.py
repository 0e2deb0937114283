"""A version as the catalogue has one before its bag is anywhere."""

from datetime import UTC, datetime

from wiazka.bag.model import BagPlan
from wiazka.catalogue.model import Version, VersionState


def begun(bag: BagPlan) -> Version:
    """The version that a bag is of."""
    return Version(
        identity=bag.identity,
        number=bag.version,
        title="Notatka",
        content=bag.content,
        state=VersionState.PACKAGED,
        bagged_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        registered_at=None,
        delivery="d",
        folder="f",
        record_json="",
        size=0,
        file_count=0,
    )
