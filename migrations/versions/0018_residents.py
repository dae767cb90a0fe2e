"""Residents with their sealed number, and every look-up by number."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300)),
        sa.Column("birth_date", sa.Date()),
        sa.Column("role", sa.String(300)),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("bsn_sealed", sa.LargeBinary()),
        sa.Column("bsn_index", sa.String(80)),
        sa.Column("bsn_ground", sa.String(40)),
        sa.Column("bsn_purpose", sa.Text()),
        sa.Column("bsn_set_by", sa.Integer()),
        sa.Column("bsn_set_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("(bsn_sealed IS NULL) = (bsn_index IS NULL)", name=op.f("ck_resident_bsn_can_be_found")),
        sa.CheckConstraint("bsn_sealed IS NULL OR bsn_ground IS NOT NULL", name=op.f("ck_resident_bsn_has_a_ground")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_resident_household_id")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_resident_added_by")),
        sa.ForeignKeyConstraint(["bsn_set_by"], ["person.id"], name=op.f("fk_resident_bsn_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
    )
    for column in ("household_id", "state", "bsn_index"):
        op.create_index(op.f(f"ix_resident_{column}"), "resident", [column])
    op.create_table(
        "bsn_look_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bsn_look_up_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bsn_look_up")),
    )
    op.create_index(op.f("ix_bsn_look_up_person_id"), "bsn_look_up", ["person_id"])
