"""Tracks: life domains that are worked on side by side in one case."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "track",
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
        sa.Column("life_domain", sa.String(40), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=False),
        sa.Column("waiting_for", sa.Text()),
        sa.Column("result", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR (next_step <> '' AND next_step_on IS NOT NULL)",
            name=op.f("ck_track_open_track_has_next_step"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_track_case_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_track_team_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"], name=op.f("fk_track_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
    )
    for column in ("case_id", "state", "worker_id"):
        op.create_index(op.f(f"ix_track_{column}"), "track", [column], unique=False)


def downgrade() -> None:
    op.drop_table("track")
