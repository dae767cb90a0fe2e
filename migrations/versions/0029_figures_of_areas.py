"""Objective figures of areas."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_figure",
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("code", "year", "measure", name=op.f("pk_area_figure")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # published for everybody, and of no household
        op.get_bind().exec_driver_sql("SELECT wijkteam_let_read('area_figure')")


def downgrade() -> None:
    op.drop_table("area_figure")
