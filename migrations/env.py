"""Running migrations: on the connection that the command line hands over."""

from alembic import context
from sqlalchemy import Connection

from wijkteam.storage.schema import all_tables

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=all_tables(),
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
