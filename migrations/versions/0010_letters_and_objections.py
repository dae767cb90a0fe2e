"""Letters of decisions, and objections against them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _of_a_subject() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
    )


def _references(table: str, *columns: tuple[str, str]) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}")) for column, target in columns
    )


def upgrade() -> None:
    op.create_table(
        "letter",
        *_of_a_subject(),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("can_be_contested", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.String(12)),
        sa.Column("sent_on", sa.Date()),
        sa.Column("sent_how", sa.String(20)),
        sa.CheckConstraint("state <> 'sent' OR sent_on IS NOT NULL", name=op.f("ck_letter_sent_on_a_day")),
        *_references(
            "letter",
            ("case_id", "household_case.id"),
            ("team_id", "team.id"),
            ("decision_id", "decision.id"),
            ("written_by", "person.id"),
            ("replaces_id", "letter.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    for column in ("case_id", "decision_id", "state"):
        op.create_index(op.f(f"ix_letter_{column}"), "letter", [column], unique=False)
    op.create_table(
        "objection",
        *_of_a_subject(),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registered_by", sa.Integer(), nullable=False),
        sa.Column("kept_from", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date()),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("file_until", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("late_reason", sa.Text()),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("handler_id", sa.Integer()),
        sa.Column("committee", sa.Boolean(), nullable=False),
        sa.Column("hearing_on", sa.Date()),
        sa.Column("hearing_words", sa.Text()),
        sa.Column("hearing_waived", sa.String(20)),
        sa.Column("advice", sa.Text()),
        sa.Column("adjourned", sa.Boolean(), nullable=False),
        sa.Column("suspended_on", sa.Date()),
        sa.Column("repair_by", sa.Date()),
        sa.Column("suspended_days", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("first_decision", sa.String(20)),
        sa.Column("motivation", sa.Text()),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state <> 'decided' OR (outcome IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_objection_decided_by_whom"),
        ),
        *_references(
            "objection",
            ("case_id", "household_case.id"),
            ("team_id", "team.id"),
            ("household_id", "household.id"),
            ("decision_id", "decision.id"),
            ("registered_by", "person.id"),
            ("handler_id", "person.id"),
            ("decided_by", "person.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    for column in ("case_id", "decision_id", "handler_id", "state"):
        op.create_index(op.f(f"ix_objection_{column}"), "objection", [column], unique=False)


def downgrade() -> None:
    op.drop_table("objection")
    op.drop_table("letter")
