"""Single sign-on: accounts at a provider, what it gave, and how to sign out there."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _reference(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "provider_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("linked_how", sa.String(20), nullable=False),
        _moment("linked_at"),
        _moment("told_at", nullable=True),
        _reference("provider_identity", "person_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_identity_issuer_subject")),
        sa.UniqueConstraint("issuer", "person_id", name=op.f("uq_provider_identity_issuer_person_id")),
    )
    op.create_index(op.f("ix_provider_identity_person_id"), "provider_identity", ["person_id"])
    op.create_table(
        "provider_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("held_function_id", sa.Integer()),
        sa.Column("function", sa.String(40), nullable=False),
        sa.Column("team_id", sa.Integer()),
        _moment("given_at"),
        _moment("ended_at", nullable=True),
        _reference("provider_grant", "identity_id", "provider_identity.id", "CASCADE"),
        _reference("provider_grant", "held_function_id", "held_function.id", "SET NULL"),
        _reference("provider_grant", "team_id", "team.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_grant")),
    )
    op.create_index(op.f("ix_provider_grant_identity_id"), "provider_grant", ["identity_id"])
    op.create_table(
        "provider_sign_in",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("id_token", sa.Text(), nullable=False),
        _moment("ends_at"),
        _reference("provider_sign_in", "session_id", "sign_in_session.id"),
        _reference("provider_sign_in", "identity_id", "provider_identity.id", "CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_provider_sign_in")),
    )
    op.create_index(op.f("ix_provider_sign_in_identity_id"), "provider_sign_in", ["identity_id"])
    op.create_table(
        "seen_logout_token",
        sa.Column("digest", sa.String(64), nullable=False),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_seen_logout_token")),
    )
    op.create_index(op.f("ix_seen_logout_token_expires_at"), "seen_logout_token", ["expires_at"])
