"""Webhooks with their outbox, and what the municipality's case system is told. Only `zaak` is read, with its case."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("webhook_subscription", "webhook_delivery", "zaak", "zaak_decision", "zaak_intake")
READ_WITH_CASE = "wijkteam_reads_case(case_id, true)"


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _webhooks()
    _zaken()
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(f"SELECT wijkteam_let_read('zaak', '{READ_WITH_CASE}', '{{}}')")


def _webhooks() -> None:
    op.create_table(
        "webhook_subscription",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("kinds", sa.String(500), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        _moment("made_at"),
        _moment("ended_at", True),
        sa.Column("ended_by", sa.Integer()),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_webhook_subscription_made_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_webhook_subscription_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscription")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", _big(), nullable=False),
        sa.Column("subscription_id", sa.String(12), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("case_id", sa.String(12)),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        _moment("at"),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("send_after"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(200)),
        _moment("sent_at", True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["webhook_subscription.id"], name=op.f("fk_webhook_delivery_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint(
            "subscription_id",
            "subject_kind",
            "subject_id",
            "sequence",
            name=op.f("uq_webhook_delivery_subscription_id_subject_kind_subject_id_sequence"),
        ),
    )
    op.create_index("ix_webhook_delivery_state_send_after", "webhook_delivery", ["state", "send_after"])


def _zaken() -> None:
    op.create_table(
        "zaak",
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("url", sa.String(500)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("send_after"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(200)),
        _moment("sent_at", True),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_zaak_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_zaak")),
        sa.UniqueConstraint("number", name=op.f("uq_zaak_number")),
    )
    op.create_index("ix_zaak_state_send_after", "zaak", ["state", "send_after"])
    op.create_table(
        "zaak_decision",
        sa.Column("decision_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_zaak_decision_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_zaak_decision")),
    )
    op.create_table(
        "zaak_intake",
        sa.Column("id", _big(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("number", sa.String(40)),
        sa.Column("signal_id", sa.String(12)),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("send_after"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(200)),
        _moment("arrived_at"),
        _moment("taken_at", True),
        sa.ForeignKeyConstraint(["signal_id"], ["resident_signal.id"], name=op.f("fk_zaak_intake_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zaak_intake")),
        sa.UniqueConstraint("url", name=op.f("uq_zaak_intake_url")),
    )
    op.create_index("ix_zaak_intake_state_send_after", "zaak_intake", ["state", "send_after"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
