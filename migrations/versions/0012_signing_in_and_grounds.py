"""Sessions on the server's side, break-glass, guests and extra-protected cases."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
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
    with op.batch_alter_table("household_case") as case:
        case.add_column(sa.Column("protected_why", sa.Text()))
    _sessions()
    _named_readers()
    _break_glass()
    _guests()


def _sessions() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("factors", sa.String(80), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=False)
            for name in ("began_at", "seen_at", "proved_at", "ends_at")
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_why", sa.String(40)),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("browser", sa.String(120), nullable=False),
        sa.Column("provider_session", sa.String(255)),
        *_references("sign_in_session", ("person_id", "person.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_sign_in_session_secret_digest")),
    )
    for column in ("person_id", "provider_session"):
        op.create_index(op.f(f"ix_sign_in_session_{column}"), "sign_in_session", [column])


def _named_readers() -> None:
    op.create_table(
        "named_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        *_references(
            "named_reader", ("case_id", "household_case.id"), ("person_id", "person.id"), ("named_by", "person.id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_reader")),
        sa.UniqueConstraint("case_id", "person_id", name=op.f("uq_named_reader_case_id_person_id")),
    )
    op.create_index(op.f("ix_named_reader_person_id"), "named_reader", ["person_id"])


def _break_glass() -> None:
    op.create_table(
        "break_glass",
        *_of_a_subject(),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer()),
        sa.Column("judgement", sa.String(20)),
        sa.Column("review", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *_references(
            "break_glass", ("case_id", "household_case.id"), ("person_id", "person.id"), ("reviewed_by", "person.id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    for column in ("case_id", "person_id", "state"):
        op.create_index(op.f(f"ix_break_glass_{column}"), "break_glass", [column])


def _guests() -> None:
    op.create_table(
        "guest_access",
        *_of_a_subject(),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("shared_by", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("necessity", sa.Text(), nullable=False),
        sa.Column("informed_on", sa.Date()),
        sa.Column("not_informed_why", sa.Text()),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *_references(
            "guest_access", ("case_id", "household_case.id"), ("person_id", "person.id"), ("shared_by", "person.id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_access")),
    )
    for column in ("case_id", "person_id", "state"):
        op.create_index(op.f(f"ix_guest_access_{column}"), "guest_access", [column])
