"""Alembic's entry: migrates over the connection, and in the transaction, that wiazka opened."""

from alembic import context

from wiazka.catalogue.fixity_schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
