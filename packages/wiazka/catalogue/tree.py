"""The ledger as a Merkle tree (RFC 6962 2.1), and the checkpoints that were signed."""

from dataclasses import dataclass

from wiazka.catalogue.database import Database


@dataclass(frozen=True, slots=True)
class Tree:
    """Hashes of the tree, and checkpoints.

    Every method raises CatalogueError when the database fails.
    """

    database: Database
