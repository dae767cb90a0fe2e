"""What was tried in a household: approaches, read with their case in full."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None

READ = "WHEN 'approach' THEN wijkteam_reads_case((SELECT case_id FROM approach WHERE id = which), true)"


def upgrade() -> None:
    op.create_table(
        "approach",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("what", sa.Text()),
        sa.Column("result", sa.String(20)),
        sa.Column("ingredient", sa.String(40)),
        sa.Column("why", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_approach_case_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_approach_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approach")),
    )
    for column in ("case_id", "state"):
        op.create_index(op.f(f"ix_approach_{column}"), "approach", [column], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(
            "SELECT wijkteam_let_read('approach', 'wijkteam_reads_case(case_id, true)', '{}')"
        )
        found = _said_of_subjects()
        assert found.count("ELSE false END") == 1, "wijkteam_reads_subject has another form than it was made in"
        _say_of_subjects(found.replace("ELSE false END", f"{READ}\n        ELSE false END"))


def _said_of_subjects() -> str:
    asked = "SELECT pg_get_functiondef('wijkteam_reads_subject(text, text, boolean)'::regprocedure)"
    found: str = op.get_bind().exec_driver_sql(asked).scalar_one()
    return found


def _say_of_subjects(said: str) -> None:
    op.get_bind().exec_driver_sql(said.replace("%", "%%"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _say_of_subjects("\n".join(line for line in _said_of_subjects().splitlines() if "WHEN 'approach'" not in line))
    op.drop_table("approach")
