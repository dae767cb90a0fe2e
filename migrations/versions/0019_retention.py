"""Lists of what is to be destroyed, what stands on them, what is kept longer, and what was erased; readings too."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _number(variant: bool = True) -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite") if variant else sa.Integer()


def upgrade() -> None:
    _lists()
    _items()
    _holds()
    _erasures()
    _corrections()
    _destroyed_readings()


def _lists() -> None:
    op.create_table(
        "destruction_list",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        _moment("opened_at"),
        _moment("state_since"),
        sa.Column("drawn_up_by", sa.Integer()),
        sa.Column("reckoned_on", sa.Date(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("items_digest", sa.String(64), nullable=False),
        sa.Column("signed_by", sa.Integer()),
        _moment("signed_at", True),
        sa.Column("answer", sa.Text()),
        sa.Column("destroyed", sa.Integer()),
        sa.Column("kept", sa.Integer()),
        sa.Column("proof", sa.String(64)),
        _moment("ended_at", True),
        _reference("destruction_list", "drawn_up_by", "person.id"),
        _reference("destruction_list", "signed_by", "person.id"),
        sa.CheckConstraint(
            "signed_by IS NULL OR drawn_up_by IS NULL OR signed_by <> drawn_up_by",
            name=op.f("ck_destruction_list_four_eyes"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'carried_out') OR (signed_by IS NOT NULL AND signed_at IS NOT NULL)",
            name=op.f("ck_destruction_list_signed_by_someone"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_list")),
    )
    op.create_index(op.f("ix_destruction_list_state"), "destruction_list", ["state"])


def _items() -> None:
    op.create_table(
        "destruction_item",
        sa.Column("id", _number(), nullable=False),
        sa.Column("list_id", sa.String(12), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("law", sa.String(200), nullable=False),
        sa.Column("destroy_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(40)),
        _moment("done_at", True),
        sa.Column("payloads", sa.Integer()),
        sa.Column("proof", sa.String(64)),
        _reference("destruction_item", "list_id", "destruction_list.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_item")),
        sa.UniqueConstraint(
            "list_id", "subject_kind", "subject_id", name=op.f("uq_destruction_item_list_id_subject_kind_subject_id")
        ),
    )
    op.create_index("ix_destruction_item_subject", "destruction_item", ["subject_kind", "subject_id"])


def _holds() -> None:
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("set_by", sa.Integer(), nullable=False),
        _moment("set_at"),
        _moment("lifted_at", True),
        _reference("retention_hold", "set_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
    )
    op.create_index("ix_retention_hold_subject", "retention_hold", ["subject_kind", "subject_id"])


def _erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", _number(), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _moment("at"),
        sa.Column("list_id", sa.String(12)),
        _reference("erasure", "list_id", "destruction_list.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "sequence", name=op.f("uq_erasure_subject_kind_subject_id_sequence")
        ),
    )
    op.create_index(op.f("ix_erasure_list_id"), "erasure", ["list_id"])


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        _moment("opened_at"),
        _moment("state_since"),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("about_event", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("what_is_wrong", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text()),
        sa.Column("is_right", sa.Text()),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("why_not", sa.Text()),
        sa.Column("decided_by", sa.Integer()),
        _moment("ended_at", True),
        _reference("correction", "case_id", "household_case.id"),
        _reference("correction", "asked_by", "person.id"),
        _reference("correction", "decided_by", "person.id"),
        sa.CheckConstraint(
            "state <> 'corrected' OR is_right IS NOT NULL", name=op.f("ck_correction_corrected_says_what_is_right")
        ),
        sa.CheckConstraint("state <> 'refused' OR why_not IS NOT NULL", name=op.f("ck_correction_refused_has_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    for column in ("case_id", "state"):
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column])


ON_A_SIGNED_LIST = (
    "EXISTS (SELECT 1 FROM reading_erasure e JOIN destruction_list l ON l.id = e.list_id "
    "JOIN destruction_item i ON i.list_id = l.id AND i.subject_kind = 'reading' AND i.state = 'listed' "
    "WHERE l.state = 'signed' AND l.signed_by IS NOT NULL "
    "AND OLD.id BETWEEN e.first_id AND e.last_id AND OLD.at < e.before)"
)
"""When a reading may go: while a signed list with readings on it is carried out, and that was written down first."""
NEVER = "logs and seals are never"


def _destroyed_readings() -> None:
    op.create_table(
        "reading_erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.String(12), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        _moment("before"),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        _moment("at"),
        _reference("reading_erasure", "list_id", "destruction_list.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_erasure")),
    )
    op.create_index(op.f("ix_reading_erasure_list_id"), "reading_erasure", ["list_id"])
    if op.get_bind().dialect.name == "sqlite":
        _let_go_on_sqlite()
    else:
        _let_go_on_postgresql()


def _let_go_on_sqlite() -> None:
    op.execute("DROP TRIGGER reading_never_deleted")
    op.execute(
        f"CREATE TRIGGER reading_never_deleted BEFORE DELETE ON reading WHEN NOT {ON_A_SIGNED_LIST} "
        f"BEGIN SELECT RAISE(ABORT, '{NEVER} deleted'); END"
    )
    for deed, name in (("DELETE", "deleted"), ("UPDATE", "altered")):
        op.execute(
            f"CREATE TRIGGER reading_erasure_never_{name} BEFORE {deed} ON reading_erasure "
            f"BEGIN SELECT RAISE(ABORT, '{NEVER} {name}'); END"
        )


def _let_go_on_postgresql() -> None:
    never = f"RAISE EXCEPTION '{NEVER} altered or deleted';"
    op.execute(
        "CREATE OR REPLACE FUNCTION keep_reading() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF {ON_A_SIGNED_LIST} THEN RETURN OLD; END IF; END IF; {never} END $$"
    )
    op.execute(f"CREATE FUNCTION keep_reading_erasure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {never} END $$")
    op.execute(
        "CREATE TRIGGER reading_erasure_kept BEFORE UPDATE OR DELETE ON reading_erasure "
        "FOR EACH ROW EXECUTE FUNCTION keep_reading_erasure()"
    )
