"""Objective figures of areas, and quotes that stand beside figures."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OWN_OR_OF_CASE = "person_id = wijkteam_me() OR wijkteam_reads_case(case_id, true)"
READ = f"WHEN 'quote' THEN EXISTS (SELECT FROM quote WHERE id = which AND ({OWN_OR_OF_CASE}))"  # nosec B608


def upgrade() -> None:
    op.create_table(
        "area_figure",
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("code", "year", "measure", name=op.f("pk_area_figure")),
    )
    _quotes()
    if op.get_bind().dialect.name == "postgresql":
        # what is published for everybody, and of no household
        op.get_bind().exec_driver_sql("SELECT wijkteam_let_read('area_figure')")
        op.get_bind().exec_driver_sql(f"SELECT wijkteam_let_read('quote', '{OWN_OR_OF_CASE}', '{{}}')")
        found = _said_of_subjects()
        assert found.count("ELSE false END") == 1, "wijkteam_reads_subject has another form than it was made in"
        _say_of_subjects(found.replace("ELSE false END", f"{READ}\n        ELSE false END"))


def _quotes() -> None:
    op.create_table(
        "quote",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("barrier", sa.String(40)),
        sa.Column("agreed", sa.String(20)),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state <> 'released' OR released_at IS NOT NULL", name=op.f("ck_quote_released_has_moment")),
        sa.CheckConstraint(
            "state <> 'released' OR said_by <> 'resident' OR agreed IS NOT NULL",
            name=op.f("ck_quote_resident_agreed_before_release"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_quote_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quote_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    for column in ("barrier", "case_id", "person_id", "state"):
        op.create_index(op.f(f"ix_quote_{column}"), "quote", [column], unique=False)


def _said_of_subjects() -> str:
    asked = "SELECT pg_get_functiondef('wijkteam_reads_subject(text, text, boolean)'::regprocedure)"
    found: str = op.get_bind().exec_driver_sql(asked).scalar_one()
    return found


def _say_of_subjects(said: str) -> None:
    op.get_bind().exec_driver_sql(said.replace("%", "%%"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _say_of_subjects("\n".join(line for line in _said_of_subjects().splitlines() if "WHEN 'quote'" not in line))
    op.drop_table("quote")
    op.drop_table("area_figure")
