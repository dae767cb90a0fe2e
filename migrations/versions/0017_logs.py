"""Seals over both logs; readings in full, which the database itself keeps from being altered; indexes to search by."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEPT = ("log_seal", "reading")


def upgrade() -> None:
    _seals()
    _readings()
    op.create_index("ix_event_actor_id_at", "event", ["actor_id", "at"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        if sqlite:
            _keep_on_sqlite(table)
        else:
            _keep_on_postgresql(table)


def _seals() -> None:
    op.create_table(
        "log_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("after_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("previous_head", sa.String(64), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_seal")),
        sa.UniqueConstraint("log", "number", name=op.f("uq_log_seal_log_number")),
    )


def _readings() -> None:
    with op.batch_alter_table("reading") as reading:
        reading.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        reading.alter_column("case_id", existing_type=sa.String(12), nullable=True)
        for name, kind in (
            ("function", sa.String(40)),
            ("on_behalf_of", sa.Integer()),
            ("ground_kind", sa.String(40)),
            ("ground_id", sa.String(12)),
            ("subject_kind", sa.String(40)),
            ("subject_id", sa.String(12)),
            ("how", sa.String(10)),
            ("session_id", sa.Integer()),
            ("address", sa.String(45)),
            ("account", sa.String(60)),
            ("asked", sa.String(300)),
        ):
            reading.add_column(sa.Column(name, kind))
        reading.create_foreign_key(op.f("fk_reading_on_behalf_of"), "person", ["on_behalf_of"], ["id"])
    op.drop_index(op.f("ix_reading_person_id"), "reading")
    op.create_index("ix_reading_person_id_at", "reading", ["person_id", "at"])
    op.create_index("ix_reading_at", "reading", ["at"])
    op.create_index("ix_reading_ground_at", "reading", ["ground", "at"])


def _keep_on_sqlite(table: str) -> None:
    for deed, name in (("DELETE", "deleted"), ("UPDATE", "altered")):
        op.execute(
            f"CREATE TRIGGER {table}_never_{name} BEFORE {deed} ON {table} BEGIN SELECT RAISE(ABORT, 'logs and seals are never {name}'); END"
        )


def _keep_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'logs and seals are never altered or deleted'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_{table}()"
    )
