"""Tries to sign in, links to set a password, and mail about signing in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _attempts()
    _links()
    _mail()


def _attempts() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_digest", sa.String(64), nullable=False),
        sa.Column("lane", sa.String(80), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        _moment("at"),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_account_digest_at", "sign_in_attempt", ["account_digest", "at"])
    op.create_index("ix_sign_in_attempt_address_at", "sign_in_attempt", ["address", "at"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])


def _links() -> None:
    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("made_by", sa.Integer()),
        _moment("made_at"),
        _moment("ends_at"),
        _moment("used_at", True),
        _person("password_link", "person_id"),
        _person("password_link", "made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_password_link_secret_digest")),
    )
    op.create_index(op.f("ix_password_link_person_id"), "password_link", ["person_id"])


def _mail() -> None:
    op.create_table(
        "sign_in_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("kind", sa.String(20), nullable=False),
        _moment("asked_at"),
        sa.Column("asked_by", sa.Integer()),
        sa.Column("address", sa.String(45), nullable=False),
        _moment("send_after"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("ended_at", True),
        _person("sign_in_mail", "person_id"),
        _person("sign_in_mail", "asked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_mail")),
    )
    for column in ("person_id", "address", "send_after"):
        op.create_index(op.f(f"ix_sign_in_mail_{column}"), "sign_in_mail", [column])
