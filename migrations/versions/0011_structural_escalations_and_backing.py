"""Questions back, attachments, structural escalations, breakthroughs and backing."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _subject_columns() -> tuple[sa.Column[Any], ...]:
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


def upgrade() -> None:
    with op.batch_alter_table("escalation") as escalation:
        escalation.add_column(sa.Column("handed_to", sa.Integer()))
        escalation.add_column(sa.Column("question_back", sa.Text()))
        escalation.add_column(sa.Column("asked_back_by", sa.Integer()))
        escalation.add_column(sa.Column("reply", sa.Text()))
        escalation.add_column(sa.Column("attachments", sa.Integer(), nullable=False, server_default="0"))
        for column in ("handed_to", "asked_back_by"):
            escalation.create_foreign_key(op.f(f"fk_escalation_{column}"), "person", [column], ["id"])
    _structural()
    _breakthrough()
    _backing()


def _structural() -> None:
    op.create_table(
        "structural_escalation",
        *_subject_columns(),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("barrier", sa.String(40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True)),
        sa.Column("question_back", sa.Text()),
        sa.Column("reply", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_by", sa.Integer()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_step", sa.Text()),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("result", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state <> 'asked' OR respond_by IS NOT NULL", name=op.f("ck_structural_escalation_asked_has_respond_by")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_structural_escalation_asked_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_structural_escalation_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structural_escalation")),
    )
    for column in ("asked_by", "barrier", "state"):
        op.create_index(op.f(f"ix_structural_escalation_{column}"), "structural_escalation", [column], unique=False)
    op.create_table(
        "structural_behind",
        sa.Column("structural_id", sa.String(12), nullable=False),
        sa.Column("escalation_id", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["structural_id"], ["structural_escalation.id"], name=op.f("fk_structural_behind_structural_id")
        ),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_structural_behind_escalation_id")),
        sa.PrimaryKeyConstraint("structural_id", "escalation_id", name=op.f("pk_structural_behind")),
    )
    op.create_index(op.f("ix_structural_behind_escalation_id"), "structural_behind", ["escalation_id"], unique=False)


def _breakthrough() -> None:
    op.create_table(
        "breakthrough",
        *_subject_columns(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("budget_holder_id", sa.Integer(), nullable=False),
        sa.Column("structural_id", sa.String(12)),
        sa.Column("barrier", sa.String(40)),
        sa.Column("first_promised_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("earlier_promises", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text()),
        sa.Column("result", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name=op.f("fk_breakthrough_chosen_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_breakthrough_owner_id")),
        sa.ForeignKeyConstraint(["budget_holder_id"], ["person.id"], name=op.f("fk_breakthrough_budget_holder_id")),
        sa.ForeignKeyConstraint(
            ["structural_id"], ["structural_escalation.id"], name=op.f("fk_breakthrough_structural_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakthrough")),
    )
    for column in ("chosen_by", "owner_id", "state", "structural_id"):
        op.create_index(op.f(f"ix_breakthrough_{column}"), "breakthrough", [column], unique=False)


def _backing() -> None:
    references = {
        "case_id": "household_case.id",
        "structural_id": "structural_escalation.id",
        "escalation_id": "escalation.id",
        "given_by": "person.id",
        "given_to": "person.id",
        "power": "power.code",
        "mandate_id": "mandate.id",
    }
    op.create_table(
        "backing",
        *_subject_columns(),
        sa.Column("case_id", sa.String(12)),
        sa.Column("structural_id", sa.String(12)),
        sa.Column("escalation_id", sa.String(12)),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_to", sa.Integer()),
        sa.Column("deviation", sa.Text(), nullable=False),
        sa.Column("power", sa.String(60)),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("mandate_id", sa.Integer()),
        sa.Column("why_withdrawn", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(case_id IS NULL) <> (structural_id IS NULL)",
            name=op.f("ck_backing_for_a_case_or_a_structural_escalation"),
        ),
        sa.CheckConstraint("amount IS NULL OR power IS NOT NULL", name=op.f("ck_backing_amount_of_a_power")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_backing_{column}"))
            for column, target in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backing")),
    )
    for column in ("case_id", "structural_id", "given_by", "state"):
        op.create_index(op.f(f"ix_backing_{column}"), "backing", [column], unique=False)


def downgrade() -> None:
    for table in ("backing", "breakthrough", "structural_behind", "structural_escalation"):
        op.drop_table(table)
    with op.batch_alter_table("escalation") as escalation:
        for column in ("handed_to", "asked_back_by"):
            escalation.drop_constraint(op.f(f"fk_escalation_{column}"), type_="foreignkey")
        for column in ("attachments", "reply", "asked_back_by", "question_back", "handed_to"):
            escalation.drop_column(column)
