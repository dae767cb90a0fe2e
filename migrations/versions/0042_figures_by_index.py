"""Figures counted from indexes alone: what a year asks of outcomes, returns and goals stands in one index each.

A goal knows its household, and a case with which instruments was measured twice in it, so that neither is looked up
when figures are asked. A program from before does not keep these two: `wijkteam figures verify` tells, `rebuild` mends.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

GIVEN, CLOSED = sa.text("outcome_on IS NOT NULL"), sa.text("closed_on IS NOT NULL")
INDEXES = (
    (
        "figure_case",
        "ix_figure_case_outcome",
        ["outcome_on", "outcome", "alone", "household_id", "buurt_code", "outcome_barrier", "measured", "case_id"],
        GIVEN,
    ),
    (
        "figure_case",
        "ix_figure_case_closed",
        ["closed_on", "alone", "household_id", "buurt_code", "returned_on"],
        CLOSED,
    ),
    (
        "figure_goal",
        "ix_figure_goal_ended",
        ["ended_on", "household_id", "life_domain", "result", "own_answer", "case_id"],
        None,
    ),
)
NOT_ASKED = (
    ("figure_case", ("opened_on", "closed_on", "outcome_on")),
    ("figure_goal", ("case_id", "ended_on")),
    ("figure_escalation", ("case_id", "answered_on", "ended_on")),
)
"""Indexes that no question uses any longer, each of which every step would keep up."""


def upgrade() -> None:
    op.add_column("figure_case", sa.Column("measured", sa.String(400)))
    op.add_column("figure_goal", sa.Column("household_id", sa.Integer()))
    together = "string_agg(instrument, ' ' ORDER BY instrument)"
    if op.get_bind().dialect.name == "sqlite":
        together = "group_concat(instrument, ' ')"
    op.execute(
        f"UPDATE figure_case SET measured = (SELECT {together} FROM"  # nosec B608 - one of two texts above
        " (SELECT DISTINCT instrument FROM figure_change WHERE figure_change.case_id = figure_case.case_id"
        " ORDER BY instrument) AS found) WHERE case_id IN (SELECT case_id FROM figure_change)"
    )
    op.execute(
        "UPDATE figure_goal SET household_id ="
        " (SELECT figure_case.household_id FROM figure_case WHERE figure_case.case_id = figure_goal.case_id)"
    )
    # people go on working in the tables while the indexes are made
    with op.get_context().autocommit_block():
        for table, name, columns, which in INDEXES:
            op.create_index(
                name,
                table,
                columns,
                postgresql_where=which,
                sqlite_where=which,
                postgresql_concurrently=True,
            )
        for table, unasked in NOT_ASKED:
            for column in unasked:
                op.drop_index(op.f(f"ix_{table}_{column}"), table, postgresql_concurrently=True)


def downgrade() -> None:
    for table, columns in NOT_ASKED:
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table, name, _columns, _which in INDEXES:
        op.drop_index(name, table)
    op.drop_column("figure_goal", "household_id")
    op.drop_column("figure_case", "measured")
