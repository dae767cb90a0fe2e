"""Legal terms: what the law wants done within which time, and why each ends when it ends."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_term",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(40), nullable=False),
        sa.Column("concerns", sa.Text()),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_time", sa.String(5)),
        sa.Column("within", sa.String(40), nullable=False),
        sa.Column("clock", sa.String(20), nullable=False),
        sa.Column("days", sa.String(10), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("standstills", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=False),
        sa.Column("suspended_on", sa.Date()),
        sa.Column("suspended_until", sa.Date()),
        sa.Column("suspension_reason", sa.String(40)),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why_nl", sa.Text(), nullable=False),
        sa.Column("why_en", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Date()),
        sa.Column("result", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_legal_term_case_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_legal_term_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_term")),
    )
    for column in ("case_id", "state"):
        op.create_index(op.f(f"ix_legal_term_{column}"), "legal_term", [column], unique=False)


def downgrade() -> None:
    op.drop_table("legal_term")
