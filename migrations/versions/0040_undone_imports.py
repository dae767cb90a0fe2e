"""A case says that the import which brought it was undone: figures and search leave it out as if it never was."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
READER = "wijkteam_reader"


def upgrade() -> None:
    op.add_column("household_case", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # who reads was given the columns that there were, one by one
        op.execute(f"GRANT SELECT (undone_at) ON household_case TO {READER}")


def downgrade() -> None:
    op.drop_column("household_case", "undone_at")
