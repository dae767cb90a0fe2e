"""My work without reading all that somebody ever had: open cases by owner and next step, and those offered to somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None

OPEN = sa.text("state != 'closed'")
OFFERED = sa.text("new_owner_id IS NOT NULL")
INDEXES = (
    ("ix_household_case_owner_open", ["owner_id", "next_step_on", "id"], OPEN),
    ("ix_household_case_offered", ["new_owner_id"], OFFERED),
)


def upgrade() -> None:
    # people go on working in the table while its index is made
    with op.get_context().autocommit_block():
        for name, columns, which in INDEXES:
            op.create_index(
                name,
                "household_case",
                columns,
                postgresql_where=which,
                sqlite_where=which,
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    for name, _columns, _which in INDEXES:
        op.drop_index(name, "household_case")
