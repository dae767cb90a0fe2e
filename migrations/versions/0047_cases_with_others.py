"""Which open cases wait on a colleague is read from those alone, however many cases there are."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

NAME = "ix_household_case_with_others"
WHICH = sa.text("state != 'closed' AND (next_step_by != owner_id OR new_owner_id != owner_id)")


def upgrade() -> None:
    # people go on working in the table while its index is made
    with op.get_context().autocommit_block():
        op.create_index(
            NAME,
            "household_case",
            ["owner_id", "next_step_on", "id"],
            postgresql_where=WHICH,
            sqlite_where=WHICH,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index(NAME, "household_case")
