"""Changes of the mandate register, proposed by one and approved by another."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_change",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.Text()),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposer_id", name=op.f("ck_register_change_never_own_proposal")
        ),
        sa.CheckConstraint(
            "state <> 'in_force' OR decided_by IS NOT NULL", name=op.f("ck_register_change_in_force_by_someone")
        ),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_register_change_proposer_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_register_change_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index(op.f("ix_register_change_state"), "register_change", ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("register_change")
