"""Zaken both ways: what became of a besluit, letters, what others change there, and how far notifications went.

Only `zaak_news` is read, with its case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("zaak", _moment("look_after", True))
    op.add_column("zaak", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("zaak_decision", sa.Column("undone", sa.String(20)))
    op.create_table(
        "zaak_document",
        sa.Column("letter_id", sa.String(12), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_zaak_document_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_zaak_document")),
    )
    op.create_table(
        "zaak_news",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("resource", sa.String(20), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        _moment("at", True),
        _moment("noticed_at"),
        sa.Column("seen_by", sa.Integer()),
        _moment("seen_at", True),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_zaak_news_case_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name=op.f("fk_zaak_news_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zaak_news")),
        sa.UniqueConstraint("url", name=op.f("uq_zaak_news_url")),
    )
    op.create_index(op.f("ix_zaak_news_case_id"), "zaak_news", ["case_id"])
    op.create_table(
        "zaak_notice",
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _moment("send_after"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(200)),
        _moment("sent_at", True),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_zaak_notice_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_zaak_notice")),
    )
    op.create_index("ix_zaak_notice_state_send_after", "zaak_notice", ["state", "send_after"])
    _let_read()
    # cases go on being told while the index is made
    with op.get_context().autocommit_block():
        op.create_index(op.f("ix_zaak_look_after"), "zaak", ["look_after"], postgresql_concurrently=True)


def _let_read() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql("GRANT SELECT (look_after, looks) ON zaak TO wijkteam_reader")
        op.get_bind().exec_driver_sql(
            "SELECT wijkteam_let_read('zaak_news', 'wijkteam_reads_case(case_id, true)', '{}')"
        )


def downgrade() -> None:
    for table in ("zaak_notice", "zaak_news", "zaak_document"):
        op.drop_table(table)
    op.drop_column("zaak_decision", "undone")
    op.drop_index(op.f("ix_zaak_look_after"), table_name="zaak")
    for column in ("looks", "look_after"):
        op.drop_column("zaak", column)
