"""Drills: what was restored only to prove that it can be."""

from dataclasses import dataclass

from wiazka.catalogue.database import Database


@dataclass(frozen=True, slots=True)
class Drills:
    """What was restored to scratch, whole and validated, and what was not.

    Every method raises CatalogueError when the database fails.
    """

    database: Database
