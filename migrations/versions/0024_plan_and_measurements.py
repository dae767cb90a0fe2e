"""The one plan: goals, strengths and worries, agreements and who agreed; and measurements."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("goal", "plan_line", "agreement", "plan_consent", "measurement")
READ = "wijkteam_reads_case((SELECT case_id FROM {} WHERE id = which), true)"
IN_FULL = "wijkteam_reads_case(case_id, true)"


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _code(name: str, length: int, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _subject(table: str, *own: Any, **references: str) -> None:
    """A table of subjects of a case, with columns of its own and what those refer to."""
    targets = {"case_id": "household_case.id", "team_id": "team.id", **references}
    op.create_table(
        table,
        _code("id", 12),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        _code("state", 40),
        _code("previous_state", 40, True),
        sa.Column("version", sa.Integer(), nullable=False),
        _code("event_hash", 64),
        _moment("opened_at"),
        _moment("state_since"),
        _code("case_id", 12),
        sa.Column("team_id", sa.Integer(), nullable=False),
        *own,
        _moment("ended_at", True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
            for column, target in targets.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("case_id", "state"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    _goals()
    _measurements()
    _let_read()


def _goals() -> None:
    _subject(
        "goal",
        _code("life_domain", 40),
        _text("words", False),
        _text("reached_when"),
        _code("track_id", 12, True),
        _text("because"),
        _code("own_answer", 20, True),
        _text("own_words"),
        track_id="track.id",
    )
    _subject(
        "plan_line",
        _code("kind", 20),
        _text("line", False),
        _code("said_by", 20),
        _code("life_domain", 40, True),
        _text("why"),
    )
    _subject(
        "agreement",
        _code("goal_id", 12, True),
        _code("kind", 20),
        _text("what", False),
        _text("who", False),
        sa.Column("by_day", sa.Date()),
        _text("how_it_went"),
        goal_id="goal.id",
    )
    op.create_index(op.f("ix_agreement_goal_id"), "agreement", ["goal_id"], unique=False)
    _subject(
        "plan_consent",
        _code("covers", 20),
        _text("who", False),
        _code("answer", 20),
        _code("how", 20),
        sa.Column("on_day", sa.Date(), nullable=False),
        _text("own_words"),
        _text("why"),
    )


def _measurements() -> None:
    _subject(
        "measurement",
        _code("instrument", 40),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        _code("resident_id", 12, True),
        sa.Column("measured_by", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        _text("scores", False),
        _text("note"),
        _code("replaces_id", 12, True),
        resident_id="resident.id",
        measured_by="person.id",
        replaces_id="measurement.id",
    )


def _let_read() -> None:
    """What hangs under a case is read with it in full, so not by guests; and so are its events and deadlines."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.get_bind().exec_driver_sql(f"SELECT wijkteam_let_read('{table}', '{IN_FULL}', '{{}}')")
    _say_of_subjects("".join(f"\n        WHEN '{table}' THEN {READ.format(table)}" for table in TABLES))


def _say_of_subjects(more: str) -> None:
    """Put these kinds beside the others in the function that says of which subjects somebody reads what hangs under."""
    found: str = (
        op.get_bind()
        .exec_driver_sql("SELECT pg_get_functiondef('wijkteam_reads_subject(text, text, boolean)'::regprocedure)")
        .scalar_one()
    )
    assert found.count("ELSE false END") == 1, "wijkteam_reads_subject has another form than it was made in"
    changed = found.replace("ELSE false END", f"{more.strip()}\n        ELSE false END")
    op.get_bind().exec_driver_sql(changed.replace("%", "%%"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        found: str = (
            op.get_bind()
            .exec_driver_sql("SELECT pg_get_functiondef('wijkteam_reads_subject(text, text, boolean)'::regprocedure)")
            .scalar_one()
        )
        lines = (line for line in found.splitlines() if not any(f"WHEN '{table}'" in line for table in TABLES))
        op.get_bind().exec_driver_sql("\n".join(lines).replace("%", "%%"))
    for table in reversed(TABLES):
        op.drop_table(table)
