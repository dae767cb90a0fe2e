"""Coming from elsewhere, and leaving: imports, and what their rows became. Closed: no reader gets at these tables."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

LIVING = sa.text("state NOT IN ('checked', 'undone', 'dropped')")


def upgrade() -> None:
    op.create_table(
        "data_import",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.Integer()),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_why", sa.Text()),
        sa.Column("content_sealed", sa.LargeBinary()),
        sa.CheckConstraint(
            "state NOT IN ('undoing', 'undone') OR undone_why IS NOT NULL", name=op.f("ck_data_import_undone_says_why")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_data_import_begun_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_data_import_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_import")),
    )
    op.create_index(
        "uq_data_import_living",
        "data_import",
        ["digest", "what"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
    op.create_table(
        "imported_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("subject_id", sa.String(20)),
        sa.Column("version", sa.Integer()),
        sa.Column("mark", sa.String(64)),
        sa.Column("key_digest", sa.String(64)),
        sa.Column("why_nl", sa.String(300)),
        sa.Column("why_en", sa.String(300)),
        sa.ForeignKeyConstraint(["import_id"], ["data_import.id"], name=op.f("fk_imported_row_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint("import_id", "kind", "row", name=op.f("uq_imported_row_import_id_kind_row")),
    )
    op.create_index("ix_imported_row_key", "imported_row", ["kind", "key_digest"])
    op.create_index("ix_imported_row_subject", "imported_row", ["kind", "subject_id"])
    op.create_table(
        "full_export",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("with_bsn", sa.Boolean(), nullable=False),
        sa.Column("consented_by", sa.Integer()),
        sa.Column("answer", sa.Text()),
        sa.Column("digest", sa.String(64)),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("consented_by IS NULL OR consented_by <> asked_by", name=op.f("ck_full_export_four_eyes")),
        sa.CheckConstraint(
            "state <> 'made' OR NOT with_bsn OR consented_by IS NOT NULL", name=op.f("ck_full_export_bsn_has_consent")
        ),
        sa.CheckConstraint("state <> 'made' OR digest IS NOT NULL", name=op.f("ck_full_export_made_has_digest")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_full_export_asked_by")),
        sa.ForeignKeyConstraint(["consented_by"], ["person.id"], name=op.f("fk_full_export_consented_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_full_export")),
    )
    op.create_index(op.f("ix_full_export_state"), "full_export", ["state"])


def downgrade() -> None:
    op.drop_table("full_export")
    op.drop_table("imported_row")
    op.drop_table("data_import")
