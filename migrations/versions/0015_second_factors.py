"""Second factors: codes of an app, passkeys and recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person(table: str, column: str = "person_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("sign_in_session") as session:
        session.add_column(sa.Column("misses", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "totp_secret",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("pending", sa.Text()),
        sa.Column("last_step", sa.BigInteger()),
        _moment("added_at"),
        _moment("used_at", nullable=True),
        _person("totp_secret"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp_secret")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("transports", sa.String(80), nullable=False),
        _moment("added_at"),
        _moment("used_at", nullable=True),
        _person("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _moment("made_at"),
        _moment("used_at", nullable=True),
        _person("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_recovery_code_person_id_digest")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.String(43), nullable=False),
        sa.Column("challenge", sa.String(90), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("person_id", sa.Integer()),
        _moment("made_at"),
        _person("passkey_challenge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_made_at"), "passkey_challenge", ["made_at"])
    op.create_table(
        "factor_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("done_by", sa.Integer()),
        _moment("at"),
        _moment("seen_at", nullable=True),
        _person("factor_change"),
        _person("factor_change", "done_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_change")),
    )
    op.create_index(op.f("ix_factor_change_person_id"), "factor_change", ["person_id"])
