"""Mail to residents who follow a signal, a second code for it beside the one that was shown, and the language of mail.

Both tables are closed to readers: nobody but the worker reads them. How somebody wants mail is read as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("follow_code") as table:
        table.add_column(sa.Column("mailed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_constraint(op.f("uq_follow_code_subject_kind_subject_id"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_follow_code_subject_kind_subject_id_mailed"), ["subject_kind", "subject_id", "mailed"]
        )
    with op.batch_alter_table("mail_preference") as table:
        table.add_column(sa.Column("language", sa.String(2), nullable=False, server_default="nl"))
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "resident_mail",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("send_after", moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_mail")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "version", name=op.f("uq_resident_mail_subject_kind_subject_id_version")
        ),
    )
    op.create_index("ix_resident_mail_waits", "resident_mail", ["ended_at", "send_after"])
    if op.get_bind().dialect.name == "postgresql":  # whoever reads a row reads its new column too
        op.execute("SELECT wijkteam_let_read('mail_preference', 'person_id = wijkteam_me()')")
