"""When the person of a token last proved anew who they are: for great deeds by programs.

The table is closed to readers, and stays so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("access_token") as table:
        table.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("access_token") as table:
        table.drop_column("proved_at")
