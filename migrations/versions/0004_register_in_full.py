"""The mandate register in full, absence and deputies, and documents of subjects."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED_REFERENCES = (
    ("given_under", "mandate", "id"),
    ("pass_on_to", "function", "code"),
    ("case_id", "household_case", "id"),
    ("person_id", "person", "id"),
)


def _added_to_mandate() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("given_under", sa.Integer()),
        sa.Column("may_pass_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("pass_on_to", sa.String(40)),
        sa.Column("ceiling_per_year", sa.BigInteger()),
        sa.Column("longest_duration", sa.String(40)),
        sa.Column("second_pair_above", sa.BigInteger()),
        sa.Column("quorum_within", sa.String(40)),
        sa.Column("reserved", sa.Text(), nullable=False, server_default=""),
        sa.Column("wijk_code", sa.String(8)),
        sa.Column("case_id", sa.String(12)),
        sa.Column("person_id", sa.Integer()),
        sa.Column("inform_duty", sa.Text()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_why", sa.Text()),
    )


def upgrade() -> None:
    with op.batch_alter_table("mandate") as mandate:
        for column in _added_to_mandate():
            mandate.add_column(column)
        mandate.drop_constraint(op.f("uq_mandate_number"), type_="unique")
        for column, table, key in ADDED_REFERENCES:
            mandate.create_foreign_key(op.f(f"fk_mandate_{column}"), table, [column], [key])
        mandate.create_check_constraint(
            op.f("ck_mandate_for_one_case_to_one_person"), "(case_id IS NULL) = (person_id IS NULL)"
        )
    for column in ("number", "given_under", "case_id"):
        op.create_index(op.f(f"ix_mandate_{column}"), "mandate", [column], unique=False)
    with op.batch_alter_table("held_function") as held:
        held.add_column(sa.Column("consented_on", sa.Date()))
        held.add_column(sa.Column("employer_consented_on", sa.Date()))
    _absence()
    _documents()


def _absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"], unique=False)
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_deputy_another_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_deputy_deputy_id")),
        sa.ForeignKeyConstraint(["function"], ["function.code"], name=op.f("fk_deputy_function")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    for column in ("person_id", "deputy_id"):
        op.create_index(op.f(f"ix_deputy_{column}"), "deputy", [column], unique=False)


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Integer()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_document_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_subject", "document", ["subject_kind", "subject_id"], unique=False)


def downgrade() -> None:
    for table in ("document", "deputy", "absence"):
        op.drop_table(table)
    with op.batch_alter_table("held_function") as held:
        held.drop_column("employer_consented_on")
        held.drop_column("consented_on")
    for column in ("number", "given_under", "case_id"):
        op.drop_index(op.f(f"ix_mandate_{column}"), "mandate")
    with op.batch_alter_table("mandate") as mandate:
        mandate.drop_constraint(op.f("ck_mandate_for_one_case_to_one_person"), type_="check")
        for column, _table, _key in ADDED_REFERENCES:
            mandate.drop_constraint(op.f(f"fk_mandate_{column}"), type_="foreignkey")
        mandate.create_unique_constraint(op.f("uq_mandate_number"), ["number"])
        for column in _added_to_mandate():
            mandate.drop_column(column.name)
