"""Keys under which what events record is sealed, one a record; and one way of sealing the secrets of apps.

A key is never altered but to stand under another key of the ring, and to be destroyed: that is for good, and its row
stays. The table is not opened to wijkteam_reader: whoever reads through the second wall never sees a key. What events
recorded before stays as it was written, for the chain covers the digest of that text.

The secrets of apps become bytes, as all that is sealed under the ring. What is in them is not looked at: those sealed
under the key of sessions are opened until they are sealed anew (wijkteam keys re-encrypt).
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SAME = "NEW.id = OLD.id AND NEW.subject_kind = OLD.subject_kind AND NEW.subject_id = OLD.subject_id AND NEW.made_at = OLD.made_at"
ALTERED = f"NOT ({SAME}) OR OLD.destroyed_at IS NOT NULL"
KEPT = "keys of payloads are never removed, and never come back"


def upgrade() -> None:
    op.create_table(
        "payload_key",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("wrapped", sa.LargeBinary()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_payload_key"),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_payload_key_there_or_destroyed")
        ),
    )
    living = sa.text("destroyed_at IS NULL")
    op.create_index(
        "uq_payload_key_living",
        "payload_key",
        ["subject_kind", "subject_id"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_keys_on_postgresql()
        for column in ("sealed", "pending"):
            op.execute(f"ALTER TABLE totp_secret ALTER {column} TYPE bytea USING convert_to({column}, 'UTF8')")
        return
    op.execute(
        f"CREATE TRIGGER payload_key_never_deleted BEFORE DELETE ON payload_key BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    op.execute(
        f"CREATE TRIGGER payload_key_never_altered BEFORE UPDATE ON payload_key WHEN {ALTERED} BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    with op.batch_alter_table("totp_secret") as table:
        for column in ("sealed", "pending"):
            table.alter_column(column, type_=sa.LargeBinary(), existing_type=sa.Text(), existing_nullable=True)
    op.execute("UPDATE totp_secret SET sealed = CAST(sealed AS BLOB), pending = CAST(pending AS BLOB)")


def _keep_keys_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION keep_payload_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' OR {ALTERED} THEN RAISE EXCEPTION '{KEPT}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER payload_key_kept BEFORE UPDATE OR DELETE ON payload_key FOR EACH ROW EXECUTE FUNCTION keep_payload_key()"
    )
