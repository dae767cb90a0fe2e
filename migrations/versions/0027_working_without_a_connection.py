"""Working without a connection: keys of devices, and what was sent from them once."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offline_key",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_digest", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_offline_key_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_key")),
        sa.UniqueConstraint("person_id", "device_digest", name=op.f("uq_offline_key_person_id_device_digest")),
    )
    op.create_index(op.f("ix_offline_key_device_digest"), "offline_key", ["device_digest"])
    op.create_index(op.f("ix_offline_key_used_at"), "offline_key", ["used_at"])
    op.create_table(
        "sent_once",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sending", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(12)),
        sa.Column("version", sa.Integer()),
        sa.Column("written_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sent_once_person_id")),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_sent_once_case_id")),
        sa.PrimaryKeyConstraint("person_id", "sending", name=op.f("pk_sent_once")),
    )
    op.create_index(op.f("ix_sent_once_case_id"), "sent_once", ["case_id"])
    op.create_index(op.f("ix_sent_once_sent_at"), "sent_once", ["sent_at"])
