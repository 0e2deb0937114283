"""What is chosen of fixity: how often each store is proved, what that costs, who is told."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from wiazka.amounts import Budget, age, budget
from wiazka.evidence import Grade
from wiazka.settings_of_stores import Section
from wiazka.spending import Price


def _age(value: object) -> object:
    return age(value) if isinstance(value, str) else value


def _budget(value: object) -> object:
    return budget(value) if isinstance(value, str) else value


Age = Annotated[timedelta, BeforeValidator(_age), Field(gt=timedelta())]
Amount = Annotated[Budget, BeforeValidator(_budget)]


class FixityPolicy(Section):
    """How often each copy in a store is to be proved at a grade or a stronger one, and its price.

    ``daily`` is what its audits may spend a day. Prices in EUR.
    """

    read_every: Age | None = None
    recomputed_every: Age | None = None
    stored_digest_every: Age | None = Field(default=None, alias="stored-digest_every")
    size_every: Age | None = None
    listed_every: Age | None = None
    daily: Amount | None = None
    price_per_gib: Decimal = Field(default=Decimal(0), ge=0)
    price_per_1000_requests: Decimal = Field(default=Decimal(0), ge=0)

    @model_validator(mode="after")
    def _priced(self) -> Self:
        """A budget of money has prices: without one it would never end anything."""
        prices = {"price_per_gib", "price_per_1000_requests"}
        if self.daily and self.daily.money is not None and not prices & self.model_fields_set:
            raise ValueError(
                f"daily is €{self.daily.money} and the store has no price; give price_per_gib = "
                "0.09, price_per_1000_requests = 0.0004, or both; 0 where it costs nothing"
            )
        return self

    @property
    def intervals(self) -> dict[Grade, timedelta]:
        """How often at which grade; those that were chosen, the strongest first."""
        chosen = {
            Grade.READ: self.read_every,
            Grade.RECOMPUTED: self.recomputed_every,
            Grade.STORED_DIGEST: self.stored_digest_every,
            Grade.SIZE: self.size_every,
            Grade.LISTED: self.listed_every,
        }
        return {grade: every for grade, every in chosen.items() if every is not None}

    @property
    def price(self) -> Price:
        """What the store asks for being read."""
        return Price(self.price_per_gib, self.price_per_1000_requests)


class LedgerSettings(Section):
    """How checkpoints of the ledger are signed: docs/ledger.md.

    ``signing_key`` is a file outside of the repository; $WIAZKA_SIGNING_KEY comes before it.
    ``origin`` names this archive's ledger in its checkpoints. ``former_keys`` are the public keys
    that signed before this one.
    """

    signing_key: Path | None = None
    former_keys: tuple[str, ...] = ()
    origin: str | None = Field(default=None, pattern=r"^[^\s+]+$")


class DigestSettings(Section):
    """Who is told each day what needs somebody, and each week that all is well.

    ``smtp_block``, ``webhook_block`` and ``heartbeat_block`` name Prefect secret blocks, for which
    environment variables can stand (digest/sending.py). ``all_well`` is the weekday of it.
    """

    mail_to: tuple[str, ...] = ()
    mail_from: str | None = None
    smtp_block: str | None = None
    webhook_block: str | None = None
    heartbeat_block: str | None = None
    all_well: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = "monday"
