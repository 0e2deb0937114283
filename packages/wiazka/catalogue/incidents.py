"""Incidents: what is wrong, by its cause, until it is proved well again."""

from dataclasses import dataclass

from wiazka.catalogue.database import Database


@dataclass(frozen=True, slots=True)
class Incidents:
    """What is wrong, by its cause. Every method raises CatalogueError when the database fails."""

    database: Database
