"""Summaries that figures are counted from; `wijkteam figures rebuild` fills them from the events of before."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITS = sa.text("waiting_since IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "figure_escalation",
        sa.Column("escalation_id", sa.String(12), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("buurt_code", sa.String(10)),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("structural", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("barrier", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("fate", sa.String(12), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("highest_rung", sa.Integer(), nullable=False),
        sa.Column("respond_by", MOMENT),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_on", sa.Date()),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_on", sa.Date()),
        sa.Column("waiting_since", MOMENT),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("passed_up", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("lowered", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Boolean()),
        sa.PrimaryKeyConstraint("escalation_id", name=op.f("pk_figure_escalation")),
    )
    for column in ("case_id", "household_id", "asked_on", "answered_on", "ended_on"):
        op.create_index(op.f(f"ix_figure_escalation_{column}"), "figure_escalation", [column])
    op.create_index(
        "ix_figure_escalation_waits",
        "figure_escalation",
        ["household_id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_table(
        "figure_case",
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("buurt_code", sa.String(10)),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_on", sa.Date()),
        sa.Column("outcome", sa.String(20)),
        sa.Column("outcome_barrier", sa.String(40)),
        sa.Column("outcome_on", sa.Date()),
        sa.Column("returned_at", MOMENT),
        sa.Column("returned_on", sa.Date()),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_figure_case")),
    )
    for column in ("household_id", "opened_on", "closed_on", "outcome_on"):
        op.create_index(op.f(f"ix_figure_case_{column}"), "figure_case", [column])
    op.create_table(
        "figure_goal",
        sa.Column("goal_id", sa.String(12), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("life_domain", sa.String(40), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("own_answer", sa.String(20)),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("goal_id", name=op.f("pk_figure_goal")),
    )
    for column in ("case_id", "ended_on"):
        op.create_index(op.f(f"ix_figure_goal_{column}"), "figure_goal", [column])
    op.create_table(
        "figure_change",
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("instrument", sa.String(40), nullable=False),
        sa.Column("measured", sa.String(12), nullable=False),
        sa.Column("domain", sa.String(40), nullable=False),
        sa.Column("first_level", sa.Integer(), nullable=False),
        sa.Column("latest_level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "instrument", "measured", "domain", name=op.f("pk_figure_change")),
    )
