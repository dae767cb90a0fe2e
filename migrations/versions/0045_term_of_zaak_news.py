"""News from the case system has a last day to look at it; what came in before this has none, and is late at once."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None
READER = "wijkteam_reader"


def upgrade() -> None:
    op.add_column("zaak_news", sa.Column("look_by", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # who reads was given the columns that there were, one by one
        op.execute(f"GRANT SELECT (look_by) ON zaak_news TO {READER}")


def downgrade() -> None:
    op.drop_column("zaak_news", "look_by")
