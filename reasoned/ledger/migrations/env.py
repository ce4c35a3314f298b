"""Run the steps over the connection that `schema` hands in; its transaction is theirs."""

from alembic import context

from reasoned.ledger.schema import VERSION_TABLE
from reasoned.ledger.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
