"""Mail: the messages that go out, which notice is told in which, and how people want it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TO_MAIL = sa.text("mail IS NOT NULL AND message_id IS NULL AND read_at IS NULL")
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """What was told before this is not mailed any more: its `mail` stays empty."""
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest_day", sa.Date()),
        sa.Column("mail_id", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Integer()),
        sa.Column("end_reason", sa.Text()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_message_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("person_id", "digest_day", name=op.f("uq_message_person_id_digest_day")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_message_mail_id")),
    )
    op.create_index("ix_message_state_send_after", "message", ["state", "send_after"], unique=False)
    op.create_table(
        "mail_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_preference")),
    )
    op.add_column("notice", sa.Column("mail", sa.String(8)))
    reference = sa.ForeignKey("message.id", name=op.f("fk_notice_message_id"))
    op.add_column(
        "notice",
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), reference),
        inline_references=True,
    )
    op.create_index(
        "ix_notice_to_mail", "notice", ["person_id"], unique=False, sqlite_where=TO_MAIL, postgresql_where=TO_MAIL
    )
    op.create_index("ix_notice_message_id", "notice", ["message_id"], unique=False)
    op.create_index(
        "ix_deadline_open_in_order",
        "deadline",
        ["due_at", "id"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.drop_index("ix_deadline_open_due", table_name="deadline")


def downgrade() -> None:
    op.create_index(
        "ix_deadline_open_due", "deadline", ["due_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.drop_index("ix_deadline_open_in_order", table_name="deadline")
    op.drop_index("ix_notice_message_id", table_name="notice")
    op.drop_index("ix_notice_to_mail", table_name="notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_column("message_id")
        notice.drop_column("mail")
    op.drop_table("mail_preference")
    op.drop_table("message")
