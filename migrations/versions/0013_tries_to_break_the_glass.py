"""Every try to break the glass, also those that opened nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "glass_try",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sought", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("glass_id", sa.String(12)),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_glass_try_person_id")),
        sa.ForeignKeyConstraint(["glass_id"], ["break_glass.id"], name=op.f("fk_glass_try_glass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_try")),
    )
    op.create_index("ix_glass_try_person_id_at", "glass_try", ["person_id", "at"])


def downgrade() -> None:
    op.drop_table("glass_try")
