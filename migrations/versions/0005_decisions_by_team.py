"""The team in which a decision was taken, for ceilings that a team has for a year; and until when it runs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEAM_OF_REQUEST = "SELECT team_id FROM mandate_request WHERE mandate_request.id = decision.request_id"
TEAM_OF_CASE = "SELECT team_id FROM household_case WHERE household_case.id = decision.case_id"


def upgrade() -> None:
    with op.batch_alter_table("decision") as decision:
        decision.add_column(sa.Column("team_id", sa.Integer()))
        decision.add_column(sa.Column("until", sa.Date()))
        decision.create_foreign_key(op.f("fk_decision_team_id"), "team", ["team_id"], ["id"])
    op.create_index("ix_decision_power_team", "decision", ["power", "team_id", "decided_at"], unique=False)
    op.execute(f"UPDATE decision SET team_id = coalesce(({TEAM_OF_REQUEST}), ({TEAM_OF_CASE}))")  # nosec B608


def downgrade() -> None:
    op.drop_index("ix_decision_power_team", "decision")
    with op.batch_alter_table("decision") as decision:
        decision.drop_constraint(op.f("fk_decision_team_id"), type_="foreignkey")
        decision.drop_column("until")
        decision.drop_column("team_id")
