"""Mandate requests in full: reserved cases, handing on, asking back, reminders, and the mandate that was given."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ADDED_REFERENCES = (("handed_to", "person", "id"), ("mandate_id", "mandate", "id"))


def _added() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("wijk_code", sa.String(8)),
        sa.Column("until", sa.Date()),
        sa.Column("reserved", sa.Text(), nullable=False, server_default=""),
        sa.Column("handed_to", sa.Integer()),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("answer_by", sa.DateTime(timezone=True)),
        sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("question", sa.Text()),
        sa.Column("reply", sa.Text()),
        sa.Column("mandate_id", sa.Integer()),
        sa.Column("valid_until", sa.Date()),
    )


def upgrade() -> None:
    with op.batch_alter_table("mandate_request") as request:
        for column in _added():
            request.add_column(column)
        for column, table, key in ADDED_REFERENCES:
            request.create_foreign_key(op.f(f"fk_mandate_request_{column}"), table, [column], [key])
    op.create_index("ix_mandate_request_power_decided_at", "mandate_request", ["power", "decided_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_mandate_request_power_decided_at", "mandate_request")
    with op.batch_alter_table("mandate_request") as request:
        for column, _table, _key in ADDED_REFERENCES:
            request.drop_constraint(op.f(f"fk_mandate_request_{column}"), type_="foreignkey")
        for column in _added():
            request.drop_column(column.name)
